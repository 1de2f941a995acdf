import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, PRODUCER, instant } from '../../../test/support/live-story.ts';
import {
  answered,
  asked,
  delegationStarted,
  ensembleCompleted,
  ensembleStarted,
  reviewRequested,
  taskCompleted,
  taskFailed,
  taskStarted,
  token,
  toolCalled,
} from '../../../test/support/messages.ts';
import { dropRuns } from './drop-runs.ts';
import { loseTouch, regainTouch } from './touch.ts';

function states(tale: LiveStory): string[] {
  return tale.live.runs.map(({ key, ensembleId, state }) => `${key} ${ensembleId} ${state}`);
}

describe('a run', () => {
  it('begins with its start and ends with its end', () => {
    const tale = new LiveStory().say(ensembleStarted('a', { totalTasks: 3, workflow: 'PARALLEL' }));
    expect(tale.changes).toContainEqual({ kind: 'run-began', producer: PRODUCER, run: 'r1' });
    expect(tale.timeline().head).toEqual({
      producer: expect.anything(),
      runs: [expect.objectContaining({ id: 'r1' })],
      run: { id: 'r1', number: 1, state: 'running', startedAtMs: BEGIN_MS, tasksFinished: 0, tasksTotal: 3 },
      ensembleId: 'a',
      workflow: 'PARALLEL',
      title: 'Run 1',
      tokens: 0,
      toolCalls: 0,
      tasksPending: 3,
    });
    tale.say(
      ensembleCompleted('a', { completedAt: instant(9000), durationMs: 8999, totalTokens: 77, totalToolCalls: 5 }),
    );
    expect(tale.timeline().head).toMatchObject({
      run: { state: 'ended', durationMs: 8999, exitReason: 'COMPLETED' },
      tokens: 77,
      toolCalls: 5,
    });
    expect(tale.run().endedAtMs).toBe(BEGIN_MS + 9000);
  });

  it('counts itself what its end does not know', () => {
    const tale = new LiveStory()
      .say(taskStarted(1))
      .say(answered(0))
      .say(toolCalled('search'))
      .say(ensembleCompleted('a', { totalTokens: -1, totalToolCalls: -1 }));
    expect(tale.timeline().head).toMatchObject({ tokens: 15, toolCalls: 1, ensembleId: 'a' });
  });

  it('archives the one before it, with all of it, if that one had a task', () => {
    const tale = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .say(delegationStarted('d'))
      .say(asked(0))
      .say(toolCalled('search'))
      .say(ensembleCompleted('a'))
      .say(ensembleStarted('b'));
    expect(states(tale)).toEqual(['r1 a ended', 'r2 b running']);
    expect(Object.values(tale.timeline('r1').entities.tasks)).toHaveLength(1);
    expect(tale.timeline().entities).toEqual({
      tasks: {},
      toolMarks: {},
      delegations: {},
      iterations: {},
      waits: {},
      gaps: {},
    });
  });

  it('is the one that had begun without a word, if that one had no task', () => {
    const tale = new LiveStory().say(token('early')).say(ensembleStarted('a'));
    expect(states(tale)).toEqual(['r1 a running']);
    expect(tale.run().startedAtMs).toBe(BEGIN_MS);
    expect(Object.values(tale.conversation().entities.conversations)).toHaveLength(1);
  });

  it('is made of what comes before any start', () => {
    const tale = new LiveStory().say(taskStarted(1), { ms: 3000 }).say(ensembleStarted('b'));
    expect(states(tale)).toEqual(['r1 undefined lost-touch', 'r2 b running']);
    expect(tale.timeline('r1').head?.run?.startedAtMs).toBe(BEGIN_MS + 1000);
  });

  it('that another one follows without an end was lost, and nobody waits in it', () => {
    const tale = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .say(reviewRequested('v'))
      .say(ensembleStarted('b'), { ms: 9000 });
    expect(states(tale)).toEqual(['r1 a lost-touch', 'r2 b running']);
    expect(tale.timeline('r1').entities.tasks['t1']).toMatchObject({ state: 'ended', endedAtMs: BEGIN_MS + 9000 });
    expect(tale.timeline('r1').entities.waits['w1']?.isOpen).toBe(false);
    expect(tale.changes).toContainEqual({ kind: 'run-reset', producer: PRODUCER, run: 'r1' });
  });

  it('that was thought lost ends when its end comes after all', () => {
    const tale = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .say(ensembleStarted('b'))
      .say(ensembleCompleted('a'));
    expect(states(tale)).toEqual(['r1 a ended', 'r2 b running']);
  });

  it('ends by the end of one that is not known', () => {
    const tale = new LiveStory().say(ensembleStarted('a')).say(ensembleCompleted('other'));
    expect(states(tale)).toEqual(['r1 a ended']);
  });

  it.each([
    ['COMPLETED', 'ended'],
    ['USER_EXIT_EARLY', 'ended'],
    ['TIMEOUT', 'ended'],
    ['SOMETHING_NEW', 'ended'],
    ['ERROR', 'failed'],
  ])('that ends with %s is %s', (exitReason, state) => {
    const tale = new LiveStory().say(ensembleStarted('a')).say(ensembleCompleted('a', { exitReason }));
    expect(tale.timeline().head?.run).toMatchObject({ state, exitReason });
  });

  it.each([
    ['ERROR', 'failed'],
    ['USER_EXIT_EARLY', 'failed'],
    ['COMPLETED', 'ended'],
  ])('with a failed task that ends with %s is %s', (exitReason, state) => {
    const tale = new LiveStory().say(taskStarted(1)).say(taskFailed(1)).say(ensembleCompleted('a', { exitReason }));
    expect(tale.run().state).toBe(state);
  });
});

describe('another life of the process', () => {
  it('that begins at its beginning ends an open run as lost', () => {
    const tale = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .restart(1)
      .say(token('new'), { ms: 9000 });
    expect(states(tale)).toEqual(['r1 a lost-touch', 'r2 undefined running']);
    expect(tale.run(1).endedAtMs).toBe(BEGIN_MS + 9000);
    expect(tale.run(2).begins).toEqual({ epoch: 2, sequence: 1 });
    tale.say(ensembleStarted('b'));
    expect(states(tale)).toEqual(['r1 a lost-touch', 'r2 b running']);
  });

  it('that begins higher goes on with the run', () => {
    const tale = new LiveStory().say(ensembleStarted('a')).say(taskStarted(1)).restart(7).say(taskCompleted(1));
    expect(states(tale)).toEqual(['r1 a running']);
    expect(tale.run().tasksFinished).toBe(1);
  });

  it('does not begin with each event that has number 1', () => {
    const tale = new LiveStory().say(taskStarted(1)).skipTo(1).say(taskStarted(2));
    expect(tale.live.runs).toHaveLength(1);
  });
});

describe('touch', () => {
  function lost(): LiveStory {
    const tale = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .say(asked(0))
      .say(delegationStarted('d'));
    loseTouch(tale.live, BEGIN_MS + 20_000, tale.changes);
    return tale;
  }

  it('that is lost shows what ran as ended then', () => {
    const tale = lost();
    const { head, entities } = tale.timeline();
    const endedAtMs = BEGIN_MS + 20_000;
    expect(head?.run).toMatchObject({ state: 'lost-touch', durationMs: 20_000 });
    expect(entities.tasks['t1']).toMatchObject({ state: 'ended', endedAtMs });
    expect(entities.iterations['i1']).toMatchObject({ state: 'ended', endedAtMs });
    expect(entities.delegations['d1']).toMatchObject({ state: 'ended', endedAtMs });
    expect(tale.conversation().entities.conversations['c1']?.state).toBe('ended');
    expect(tale.conversation().entities.iterations['i1']?.state).toBe('ended');
    expect(tale.changes.at(-1)).toEqual({ kind: 'run-reset', producer: PRODUCER, run: 'r1' });
  });

  it('that is regained leaves nothing behind', () => {
    const never = new LiveStory()
      .say(ensembleStarted('a'))
      .say(taskStarted(1))
      .say(asked(0))
      .say(delegationStarted('d'));
    const told = lost();
    regainTouch(told.live, told.changes);
    expect(told.timeline()).toEqual(never.timeline());
    const heard = lost();
    heard.say(answered(0));
    expect(heard.timeline()).toEqual(never.say(answered(0)).timeline());
  });

  it('changes nothing in a run that has ended, and keeps the word of one that failed', () => {
    const ended = new LiveStory().say(ensembleStarted('a')).say(ensembleCompleted('a'));
    const failed = new LiveStory().say(taskStarted(1)).say(taskFailed(1));
    for (const tale of [ended, failed]) loseTouch(tale.live, BEGIN_MS + 90_000, tale.changes);
    expect([ended.run().state, failed.run().state]).toEqual(['ended', 'failed']);
    expect(ended.run().endedAtMs).toBe(BEGIN_MS + 60_000);
  });

  it('needs a run', () => {
    const tale = new LiveStory();
    loseTouch(tale.live, BEGIN_MS, tale.changes);
    regainTouch(tale.live, tale.changes);
    expect(tale.changes).toEqual([]);
  });
});

describe('dropRuns', () => {
  it('forgets runs by their index, and says so; numbers are not used again', () => {
    const tale = new LiveStory();
    for (const name of ['a', 'b', 'c']) tale.say(ensembleStarted(name)).say(taskStarted(1));
    const before = tale.changes.length;
    dropRuns(tale.live, [0, 1], tale.changes);
    expect(states(tale)).toEqual(['r3 c running']);
    expect(tale.changes.slice(before)).toEqual([
      { kind: 'run-dropped', producer: PRODUCER, run: 'r1' },
      { kind: 'run-dropped', producer: PRODUCER, run: 'r2' },
    ]);
    expect(states(tale.say(ensembleStarted('d')))).toEqual(['r3 c lost-touch', 'r4 d running']);
  });

  it('forgets what waited for its time in them', () => {
    const tale = new LiveStory().say(toolCalled('search'), { isTimeKnown: false });
    dropRuns(tale.live, [0], tale.changes);
    const before = tale.changes.length;
    tale.say(taskStarted(1));
    expect(tale.changes.slice(before).filter((change) => 'run' in change && change.run === 'r1')).toEqual([]);
  });
});

describe('what is no message of a run', () => {
  it('is kept or counted where it stands', () => {
    const progress = { type: 'task_progress', percent: 40 };
    const tale = new LiveStory().say(ensembleStarted('a')).say(progress, { ms: 4000 }).say({ type: 'token' }).say(7);
    expect(tale.run()).toMatchObject({ unknown: 1, unreadable: 2 });
    expect(tale.run().rawEvents).toEqual([{ type: 'task_progress', atMs: BEGIN_MS + 4000, message: progress }]);
  });

  it('makes no run where it is but a sign of life', () => {
    const tale = new LiveStory().say({ type: 'heartbeat', serverTimeMs: 1 });
    expect(tale.live.runs).toEqual([]);
    expect(tale.changes).toEqual([]);
  });

  it('may be a file or a figure', () => {
    const file = {
      type: 'file_changed',
      agentRole: 'Writer',
      filePath: 'a.md',
      changeType: 'CREATED',
      linesAdded: 3,
      linesRemoved: 0,
      timestamp: instant(1),
    };
    const figures = {
      type: 'metrics_snapshot',
      agentRole: '__proto__',
      taskIndex: 1,
      inputTokens: 1,
      outputTokens: 2,
      llmLatencyMs: 3,
      toolExecutionTimeMs: 4,
      iterationCount: 5,
    };
    const newer = { ...figures, inputTokens: 9 };
    const tale = new LiveStory()
      .say(file)
      .say(figures)
      .say({ ...figures, taskIndex: 2 })
      .say(newer);
    expect(tale.run().files).toEqual([file]);
    expect(tale.run().metrics.get('__proto__')).toEqual(
      new Map([
        [1, newer],
        [2, { ...figures, taskIndex: 2 }],
      ]),
    );
  });
});
