import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, instant } from '../../../test/support/live-story.ts';
import { answered, asked, ensembleStarted, taskCompleted, taskStarted, token } from '../../../test/support/messages.ts';
import type { IterationPair } from '../../protocol/wire/llm-iteration.ts';
import { fillIterations } from './fill-iterations.ts';

type Other = Readonly<Record<string, unknown>>;

function pair(index: number, other: { started?: Other; completed?: Other | null } = {}): IterationPair {
  const completed = other.completed === null ? null : answered(index, { ...other.completed });
  return { started: asked(index, { ...other.started }), completed } as unknown as IterationPair;
}

function filled(tale: LiveStory, ...pairs: IterationPair[]): LiveStory {
  fillIterations(tale.live, pairs, tale.changes);
  return tale;
}

function iterations(tale: LiveStory): string[] {
  const all = Object.values(tale.conversation().entities.iterations);
  return all.map((each) => `${each.conversationId} ${each.iterationIndex} ${each.state} ${each.response?.text}`);
}

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('e')).say(taskStarted(1, { startedAt: instant(1000) }));
}

describe('iterations that a greeting repeats', () => {
  it('fill in what is not known, one after another from the start of the task, as a guess', () => {
    const tale = filled(story(), pair(0, { completed: { responseType: 'TOOL_CALLS', latencyMs: 300 } }), pair(1));
    expect(iterations(tale)).toEqual(['c1 0 completed Answer 0', 'c1 1 completed Answer 1']);
    expect(Object.values(tale.timeline().entities.iterations)).toMatchObject([
      { taskId: 't1', startedAtMs: BEGIN_MS + 1000, endedAtMs: BEGIN_MS + 1300, isEstimated: true },
      { taskId: 't1', startedAtMs: BEGIN_MS + 1300, endedAtMs: BEGIN_MS + 1400, isEstimated: true },
    ]);
    expect(tale.timeline().entities.tasks['t1']?.iterations).toBe(2);
    expect(tale.conversation().entities.conversations['c1']).toMatchObject({
      state: 'completed',
      inputTokens: 20,
      outputTokens: 10,
    });
    expect(tale.conversation().entities.messages['m1.0']?.content?.text).toBe('Question 0');
  });

  it('never replace what is known', () => {
    const tale = story()
      .say(asked(0))
      .say(answered(0, { responseText: 'known' }));
    const before = tale.conversation();
    const told = tale.changes.length;
    filled(tale, pair(0, { started: { messages: [{ role: 'user', content: 'other' }] } }));
    expect(tale.conversation()).toEqual(before);
    expect(tale.changes).toHaveLength(told);
  });

  it('bring an answer that was missed, and what was streamed of it goes', () => {
    const tale = filled(story().say(asked(0), { ms: 5000 }).say(token('Ans')), pair(0));
    expect(iterations(tale)).toEqual(['c1 0 completed Answer 0']);
    expect(tale.conversation().entities.conversations['c1']).toMatchObject({ streaming: '', state: 'completed' });
    expect(tale.timeline().entities.iterations['i1']?.endedAtMs).toBe(BEGIN_MS + 5100);
    expect(tale.timeline().head?.tokens).toBe(15);
  });

  it('bring a question that was missed', () => {
    const tale = filled(story().say(answered(0, { responseText: 'known' })), pair(0));
    expect(tale.conversation().entities.messages['m1.0']?.content?.text).toBe('Question 0');
    expect(tale.conversation().entities.iterations['i1']).toMatchObject({
      messageCount: 1,
      response: { text: 'known' },
    });
  });

  it('stand in the conversation before, where that is theirs', () => {
    const tale = story().say(asked(0)).say(answered(0)).say(asked(1)).say(answered(1)).say(asked(0));
    filled(tale, pair(1));
    expect(iterations(tale)).toHaveLength(3);
  });

  it('may be earlier ones of a conversation, and the model may be at the last', () => {
    const tale = filled(story().say(asked(4)), pair(3));
    expect(iterations(tale)).toEqual(['c1 4 running undefined', 'c1 3 completed Answer 3']);
    filled(tale, pair(2, { completed: null }), pair(5, { completed: null }));
    expect(iterations(tale).slice(2)).toEqual(['c1 2 ended undefined', 'c1 5 running undefined']);
    tale.say(answered(5));
    expect(iterations(tale).at(-1)).toBe('c1 5 completed Answer 5');
  });

  it('that return to 0 are another conversation', () => {
    expect(iterations(filled(story(), pair(3), pair(0)))).toEqual([
      'c1 3 completed Answer 3',
      'c2 0 completed Answer 0',
    ]);
  });

  it('of a task that has ended do not run', () => {
    const tale = filled(story().say(taskCompleted(1)), pair(0, { completed: null }));
    expect(iterations(tale)).toEqual(['c1 0 ended undefined']);
    expect(tale.conversation().entities.conversations['c1']?.state).toBe('completed');
    expect(tale.run().openParts).toBe(0);
  });

  it('belong to the newest run, and to none where there is none', () => {
    const tale = story().say(ensembleStarted('f'));
    expect(iterations(filled(tale, pair(0)))).toEqual(['c1 0 completed Answer 0']);
    expect(tale.run(1).iterations.size).toBe(0);
    expect(filled(new LiveStory(), pair(0)).changes).toEqual([]);
  });
});
