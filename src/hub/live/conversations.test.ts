import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory } from '../../../test/support/live-story.ts';
import {
  answered,
  asked,
  ensembleCompleted,
  ensembleStarted,
  taskCompleted,
  taskStarted,
  token,
} from '../../../test/support/messages.ts';

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('e')).say(taskStarted(1));
}

function conversations(tale: LiveStory): string[] {
  const { conversations: all } = tale.conversation().entities;
  return Object.values(all).map(({ id, n, state, taskId }) => `${id} ${n} ${state} ${taskId}`);
}

describe('a conversation', () => {
  it('is one role on one description', () => {
    const tale = story()
      .say(asked(0))
      .say(asked(0, { agentRole: 'Agent 2' }))
      .say(asked(0, { taskDescription: 'Task 2' }))
      .say(asked(1));
    expect(conversations(tale)).toEqual(['c1 1 running t1', 'c2 1 running undefined', 'c3 1 running t1']);
  });

  it('is another when its iterations return to 0', () => {
    const tale = story().say(asked(0)).say(answered(0)).say(asked(1)).say(answered(1)).say(asked(0));
    expect(conversations(tale)).toEqual(['c1 1 completed t1', 'c2 2 running t1']);
    tale.say(answered(0, { responseText: 'to the second' }));
    expect(tale.conversation().entities.iterations['i3']?.response?.text).toBe('to the second');
  });

  it('is another when an answer to 0 comes again without its question', () => {
    const tale = story().say(asked(0)).say(answered(0)).say(answered(0));
    expect(conversations(tale)).toEqual(['c1 1 completed t1', 'c2 2 completed t1']);
  });

  it('of two tasks with one role and one description gets its own answer', () => {
    const tale = story()
      .say(asked(0))
      .say(taskStarted(2, { agentRole: 'Agent 1', taskDescription: 'Task 1' }))
      .say(asked(0))
      .say(answered(0, { responseText: 'first' }))
      .say(answered(0, { responseText: 'second' }));
    expect(conversations(tale)).toEqual(['c1 1 completed t1', 'c2 2 completed t2']);
    expect(Object.values(tale.conversation().entities.iterations).map(({ response }) => response?.text)).toEqual([
      'second',
      'first',
    ]);
  });

  it('that tokens alone have begun is whose the first question or answer says, as if there had been none', () => {
    const second = taskStarted(2, { agentRole: 'Agent 1', taskDescription: 'Task 1' });
    for (const message of [asked(0), answered(0)]) {
      const streamed = story().say(token('x')).say(second).say(message);
      const missed = story().say(second).say(message);
      expect(conversations(streamed)).toEqual(conversations(missed));
      expect(conversations(streamed)).toEqual([expect.stringMatching(/ t2$/)]);
      expect(streamed.timeline().entities.tasks).toMatchObject({ t1: { iterations: 0 }, t2: { iterations: 1 } });
    }
    expect(conversations(story().say(token('x')).say(second))).toEqual(['c1 1 running t1']);
  });

  it('goes on until a final answer, and goes on again when it is asked more', () => {
    const tale = story()
      .say(asked(0))
      .say(answered(0, { responseType: 'TOOL_CALLS' }));
    expect(conversations(tale)).toEqual(['c1 1 running t1']);
    tale.say(asked(1)).say(answered(1));
    expect(conversations(tale)).toEqual(['c1 1 completed t1']);
    expect(conversations(tale.say(asked(2)))).toEqual(['c1 1 running t1']);
    expect(conversations(tale.say(taskCompleted(1)))).toEqual(['c1 1 completed t1']);
    expect(tale.run().openParts).toBe(0);
  });

  it('goes on while a question of it is open, whatever else is answered', () => {
    const tale = story().say(asked(0)).say(answered(1));
    expect(conversations(tale)).toEqual(['c1 1 running t1']);
    expect(conversations(tale.say(answered(0)))).toEqual(['c1 1 completed t1']);
  });

  it('ends when its run ends', () => {
    const tale = story().say(asked(0)).say(ensembleCompleted('e'));
    expect(conversations(tale)).toEqual(['c1 1 ended t1']);
  });

  it('counts its tokens and those of its run; an answer that comes again counts once', () => {
    const tale = story()
      .say(asked(0))
      .say(answered(0, { inputTokens: 10, outputTokens: -1 }))
      .say(answered(1, { inputTokens: 7, outputTokens: 2 }))
      .say(answered(1, { inputTokens: 8, outputTokens: 3 }));
    expect(tale.conversation().entities.conversations['c1']).toMatchObject({ inputTokens: 18, outputTokens: 3 });
    expect(tale.timeline().head?.tokens).toBe(21);
  });
});

describe('an iteration', () => {
  it('runs from its question, and took its latency before its answer', () => {
    const tale = story().say(asked(0), { ms: 5000 });
    expect(tale.timeline().entities.iterations).toEqual({
      i1: {
        id: 'i1',
        order: 1,
        taskId: 't1',
        agentRole: 'Agent 1',
        iterationIndex: 0,
        state: 'running',
        startedAtMs: BEGIN_MS + 5000,
        isEstimated: false,
      },
    });
    tale.say(answered(0, { latencyMs: 300 }), { ms: 6000 });
    expect(tale.timeline().entities.iterations['i1']).toMatchObject({
      state: 'completed',
      startedAtMs: BEGIN_MS + 5700,
      endedAtMs: BEGIN_MS + 6000,
    });
  });

  it('has what was asked and what was answered', () => {
    const tale = story()
      .say(asked(0))
      .say(
        answered(0, {
          responseType: 'TOOL_CALLS',
          responseText: 'Let me look.',
          toolRequests: [{ name: 'search', arguments: '{"q":1}' }, { name: 'think' }],
        }),
      );
    expect(tale.conversation().entities.iterations).toEqual({
      i1: {
        id: 'i1',
        order: 1,
        conversationId: 'c1',
        iterationIndex: 0,
        state: 'completed',
        messageCount: 1,
        responseType: 'TOOL_CALLS',
        response: { text: 'Let me look.', totalChars: 12 },
        toolRequests: [
          { name: 'search', arguments: { text: '{"q":1}', totalChars: 7 } },
          { name: 'think', arguments: { text: '', totalChars: 0 } },
        ],
        inputTokens: 10,
        outputTokens: 5,
        latencyMs: 100,
      },
    });
  });

  it('without an answer ends when the next begins, and keeps what was streamed', () => {
    const tale = story().say(asked(0)).say(token('Half an')).say(asked(1), { ms: 8000 });
    const { iterations, conversations: talk } = tale.conversation().entities;
    expect(iterations['i1']).toMatchObject({ state: 'ended', response: { text: 'Half an' } });
    expect(iterations['i2']?.state).toBe('running');
    expect(talk['c1']?.streaming).toBe('');
    expect(tale.timeline().entities.iterations['i1']?.endedAtMs).toBe(BEGIN_MS + 8000);
    tale.say(answered(0, { responseText: 'The whole' }));
    expect(tale.conversation().entities.iterations['i1']).toMatchObject({
      state: 'completed',
      response: { text: 'The whole' },
    });
  });

  it('whose question was missed has its answer', () => {
    const tale = story().say(answered(4, { responseText: 'yes' }));
    expect(tale.conversation().entities.iterations['i1']).toMatchObject({ iterationIndex: 4, messageCount: 0 });
    expect(conversations(tale)).toEqual(['c1 1 completed t1']);
  });
});

describe('what is streamed', () => {
  it('goes to the conversation of its role and description, one append a token', () => {
    const tale = story()
      .say(asked(0))
      .say(asked(0, { agentRole: 'Agent 2' }));
    const before = tale.changes.length;
    tale.say(token('The ')).say(token('')).say(token('tide'));
    expect(tale.changes.slice(before).filter(({ kind }) => kind === 'append')).toEqual([
      expect.objectContaining({ kind: 'append', run: 'r1', conversation: 'c1', text: 'The ' }),
      expect.objectContaining({ kind: 'append', run: 'r1', conversation: 'c1', text: 'tide' }),
    ]);
    expect(tale.changes).toHaveLength(before + 2);
    expect(tale.conversation().entities.conversations['c1']?.streaming).toBe('The tide');
  });

  it('is replaced by the answer', () => {
    const tale = story().say(asked(0)).say(token('The tide')).say(answered(0));
    expect(tale.conversation().entities.conversations['c1']?.streaming).toBe('');
  });

  it.each([
    ['of a role on another description goes to the newest work of that role', { taskDescription: 'unknown' }, 't1'],
    ['of nobody goes to the newest work that runs', { agentRole: 'Nobody', taskDescription: 'nothing' }, 't2'],
    ['that says nothing of itself goes to the newest work that runs', { agentRole: null, taskDescription: null }, 't2'],
  ])('%s', (_name, who, taskId) => {
    const tale = story().say(taskStarted(2)).say(token('text', who));
    expect(Object.values(tale.conversation().entities.conversations)).toEqual([
      expect.objectContaining({ taskId, streaming: 'text' }),
    ]);
    tale.say(token(' and more', who));
    expect(Object.values(tale.conversation().entities.conversations)).toEqual([
      expect.objectContaining({ taskId, streaming: 'text and more' }),
    ]);
  });

  it('is not lost where no work is known', () => {
    const tale = new LiveStory().say(token('text'));
    expect(conversations(tale)).toEqual(['c1 1 running undefined']);
  });

  it('shows the end of a long text, and how much came before', () => {
    const tale = story()
      .say(token('a'.repeat(3000)))
      .say(token('b'.repeat(3000)));
    const { streaming, streamingSkippedChars } = tale.conversation().entities.conversations['c1'] ?? {};
    expect(streamingSkippedChars).toBe(1904);
    expect(streaming).toBe('a'.repeat(1096) + 'b'.repeat(3000));
  });
});
