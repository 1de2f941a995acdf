import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, instant, markedIds } from '../../../test/support/live-story.ts';
import {
  answered,
  asked,
  delegationStarted,
  ensembleCompleted,
  ensembleStarted,
  taskCompleted,
  taskFailed,
  taskInput,
  taskStarted,
  token,
  toolCalled,
} from '../../../test/support/messages.ts';
import { currentTask } from './current-task.ts';

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('e', { totalTasks: 4 }));
}

describe('a task', () => {
  it('runs from its start, and its bar locks at the duration that its end says', () => {
    const tale = story().say(taskStarted(1, { startedAt: instant(1000) }));
    expect(tale.timeline().entities.tasks['t1']).toEqual({
      id: 't1',
      order: 1,
      taskIndex: 1,
      description: 'Task 1',
      agentRole: 'Agent 1',
      state: 'running',
      startedAtMs: BEGIN_MS + 1000,
      toolCalls: 0,
      iterations: 0,
    });
    tale.say(taskCompleted(1, { completedAt: instant(9000), durationMs: 700, toolCallCount: 3 }));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({
      state: 'completed',
      endedAtMs: BEGIN_MS + 1700,
      durationMs: 700,
      toolCalls: 3,
    });
  });

  it('fails with its reason, and its run fails with it though nothing more is said', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskFailed(1, { failedAt: instant(5000), reason: 'out of luck' }));
    const { head, entities } = tale.timeline();
    expect(entities.tasks['t1']).toMatchObject({
      state: 'failed',
      endedAtMs: BEGIN_MS + 5000,
      durationMs: 4000,
      failure: { text: 'out of luck', totalChars: 11 },
    });
    expect(head).toMatchObject({ run: { state: 'failed', tasksFinished: 1 }, failure: { text: 'out of luck' } });
    expect(tale.run().endedAtMs).toBe(BEGIN_MS + 5000);
  });

  it('fails without a reason', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskFailed(1, { reason: null }));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({ state: 'failed', failure: { text: '' } });
    expect(tale.run().state).toBe('failed');
  });

  it('is the newest of its number', () => {
    const tale = story()
      .say(taskStarted(1, { startedAt: instant(1000) }))
      .say(taskStarted(1, { startedAt: instant(2000), taskDescription: 'Task 1, again' }))
      .say(taskCompleted(1, { taskDescription: 'Task 1, again' }));
    expect(Object.values(tale.timeline().entities.tasks).map(({ id, state }) => `${id} ${state}`)).toEqual([
      't1 running',
      't2 completed',
    ]);
  });

  it('that starts twice with the same words is one task', () => {
    const tale = story().say(taskStarted(1)).say(taskStarted(1));
    expect(tale.run().tasks.size).toBe(1);
    expect(tale.run().tasksStarted).toBe(1);
  });

  it('of which only the end is known began its duration before it', () => {
    const tale = story().say(taskCompleted(3, { completedAt: instant(9000), durationMs: 2000 }));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({
      taskIndex: 3,
      state: 'completed',
      startedAtMs: BEGIN_MS + 7000,
      endedAtMs: BEGIN_MS + 9000,
    });
  });

  it('whose end comes after that of another with its number is a task of its own', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskCompleted(1))
      .say(taskFailed(1, { taskDescription: 'Something else', agentRole: 'Agent 7' }));
    expect(Object.values(tale.timeline().entities.tasks).map(({ agentRole, state }) => [agentRole, state])).toEqual([
      ['Agent 1', 'completed'],
      ['Agent 7', 'failed'],
    ]);
  });

  it('keeps what it was given, whether its number or its description tells whose it is', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskInput(1, { assembledContext: 'by number' }))
      .say(taskStarted(2))
      .say(taskInput(0, { agentRole: 'Agent 2', taskDescription: 'Task 2', assembledContext: 'by description' }));
    expect([...tale.run().tasks.values()].map(({ input }) => input?.assembledContext)).toEqual([
      'by number',
      'by description',
    ]);
  });

  it('of which the start was missed begins with its input', () => {
    const tale = story().say(taskInput(2, { sentAt: instant(4000) }));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({
      taskIndex: 2,
      state: 'running',
      startedAtMs: BEGIN_MS + 4000,
    });
  });

  it('of which the start was missed is not the one beside it with the same role and description', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskInput(2, { agentRole: 'Agent 1', taskDescription: 'Task 1' }));
    expect(Object.values(tale.timeline().entities.tasks).map(({ taskIndex }) => taskIndex)).toEqual([1, 2]);
  });

  it('that runs when its run ends has ended with it', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskStarted(2))
      .say(taskCompleted(2))
      .say(ensembleCompleted('e', { completedAt: instant(50_000), exitReason: 'USER_EXIT_EARLY' }));
    expect(Object.values(tale.timeline().entities.tasks).map(({ state, endedAtMs }) => [state, endedAtMs])).toEqual([
      ['ended', BEGIN_MS + 50_000],
      ['completed', BEGIN_MS + 2500],
    ]);
  });

  it('that ran beside one that failed has ended, until it is heard of again', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskStarted(2))
      .say(taskFailed(2, { failedAt: instant(5000) }));
    tale.say(asked(0));
    expect(tale.timeline().entities.tasks['t1']?.state).toBe('running');
    const silent = story()
      .say(taskStarted(1))
      .say(taskStarted(2))
      .say(taskFailed(2, { failedAt: instant(5000) }));
    expect(silent.timeline().entities.tasks['t1']).toMatchObject({ state: 'ended', endedAtMs: BEGIN_MS + 5000 });
    expect(silent.timeline().head?.run).toHaveProperty('durationMs');
    const before = silent.changes.length;
    silent.say(token('still here'));
    expect(silent.timeline().entities.tasks['t1']?.state).toBe('running');
    expect(silent.timeline().head?.run).not.toHaveProperty('durationMs');
    expect(silent.changes.slice(before)).toContainEqual(
      expect.objectContaining({ kind: 'entity', collection: 'tasks', id: 't1' }),
    );
    expect(silent.run().state).toBe('failed');
  });

  it('that is heard of after a failure beside it goes on with what is said in it', () => {
    const tale = story().say(taskStarted(1)).say(asked(0)).say(taskStarted(2)).say(taskFailed(2));
    expect(tale.conversation().entities.conversations['c1']?.state).toBe('ended');
    expect(tale.conversation().entities.iterations['i1']?.state).toBe('ended');
    const before = tale.changes.length;
    tale.say(token('still here'));
    expect(tale.conversation().entities.conversations['c1']?.state).toBe('running');
    expect(tale.timeline().entities.iterations['i1']?.state).toBe('running');
    expect(markedIds(tale.changes.slice(before), 'conversations')).toEqual(['c1']);
    expect(markedIds(tale.changes.slice(before), 'iterations')).toEqual(['i1']);
  });

  it('counts its own iterations and tools, not those of the work it delegates', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(delegationStarted('a'))
      .say(asked(0, { agentRole: 'Worker', taskDescription: 'Part a' }))
      .say(asked(0))
      .say(asked(1))
      .say(toolCalled('search'));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({ iterations: 2, toolCalls: 1 });
  });

  it('ends what goes on inside it', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(delegationStarted('a'))
      .say(asked(0, { agentRole: 'Worker', taskDescription: 'Part a' }))
      .say(token('half an ans', { agentRole: 'Worker', taskDescription: 'Part a' }))
      .say(taskCompleted(1, { completedAt: instant(20_000) }));
    const { delegations, iterations } = tale.timeline().entities;
    expect(delegations['d1']).toMatchObject({ state: 'ended', endedAtMs: BEGIN_MS + 20_000 });
    expect(iterations['i1']).toMatchObject({ state: 'ended', endedAtMs: BEGIN_MS + 20_000, taskId: 't1' });
    const talk = tale.conversation().entities;
    expect(talk.conversations['c1']).toMatchObject({ state: 'ended', streaming: '' });
    expect(talk.iterations['i1']).toMatchObject({ response: { text: 'half an ans' } });
    expect(tale.run().openParts).toBe(0);
  });
});

describe('the announced number of tasks', () => {
  it('is what the newest message says, and never less than have started', () => {
    const tale = story();
    expect(tale.timeline().head).toMatchObject({ tasksPending: 4, run: { tasksTotal: 4 } });
    tale.say(taskStarted(1, { totalTasks: 1 }));
    expect(tale.timeline().head).toMatchObject({ tasksPending: 0, run: { tasksTotal: 1 } });
    tale.say(taskStarted(2, { totalTasks: 1 }));
    expect(tale.timeline().head).toMatchObject({ tasksPending: 0, run: { tasksTotal: 2 } });
  });

  it('leaves nothing pending in a run that is over', () => {
    const tale = story()
      .say(taskStarted(1, { totalTasks: 4 }))
      .say(ensembleCompleted('e'));
    expect(tale.timeline().head).toMatchObject({ tasksPending: 0, run: { tasksTotal: 4 } });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('is not taken from %s', (totalTasks) => {
    const tale = story();
    tale.say(taskStarted(1, { totalTasks }));
    expect(tale.run().tasksTotal).toBe(4);
  });
});

describe('currentTask', () => {
  it('is the newest that runs, with the tool it called last', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(taskStarted(2))
      .say(toolCalled('search', { taskIndex: 2 }));
    expect(currentTask(tale.run())).toEqual({ description: 'Task 2', agentRole: 'Agent 2', tool: 'search' });
    tale.say(taskCompleted(2));
    expect(currentTask(tale.run())).toEqual({ description: 'Task 1', agentRole: 'Agent 1' });
    tale.say(taskCompleted(1)).say(answered(0));
    expect(currentTask(tale.run())).toBeUndefined();
  });

  it('is none in a run that is over, and the title names the last one', () => {
    const tale = story().say(taskStarted(1)).say(ensembleCompleted('e'));
    expect(currentTask(tale.run())).toBeUndefined();
    expect(tale.timeline().head?.title).toBe('Task 1');
    expect(new LiveStory().say(ensembleStarted('e')).timeline().head?.title).toBe('Run 1');
  });
});
