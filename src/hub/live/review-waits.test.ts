import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, PRODUCER, instant } from '../../../test/support/live-story.ts';
import {
  delegationStarted,
  ensembleCompleted,
  ensembleStarted,
  reviewRequested,
  taskCompleted,
  taskFailed,
  taskStarted,
} from '../../../test/support/messages.ts';
import { reviewKey } from '../../protocol/tab/keys.ts';
import { type ReviewWait, setReviewWait } from './review-waits.ts';

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('e'));
}

function told(other: Partial<ReviewWait> = {}): ReviewWait {
  const review = reviewKey(PRODUCER, 'v');
  const position = { epoch: 1, sequence: 3 };
  return {
    review,
    reviewId: 'v',
    taskDescription: 'Task 1',
    fromMs: BEGIN_MS + 5000,
    isOpen: true,
    position,
    ...other,
  };
}

const BEFORE = { timing: 'BEFORE_EXECUTION' };

describe('a review', () => {
  it('makes its task and its run wait', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(reviewRequested('v', { taskOutput: 'Draft' }), { ms: 5000 });
    const { head, entities } = tale.timeline();
    expect(head?.run?.state).toBe('waiting');
    expect(entities.tasks['t1']?.state).toBe('waiting for you');
    expect(entities.waits).toEqual({
      w1: { id: 'w1', order: 1, review: reviewKey(PRODUCER, 'v'), taskId: 't1', fromMs: BEGIN_MS + 5000, isOpen: true },
    });
    expect(tale.run().tasks.get('t1')?.reviewedOutput).toBe('Draft');
  });

  it('of delegated work makes the task wait that delegated', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(delegationStarted('a'))
      .say(reviewRequested('v', { taskDescription: 'Part a' }));
    expect(tale.timeline().entities.tasks['t1']?.state).toBe('waiting for you');
  });

  it('of nothing that is known makes the run wait', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(reviewRequested('v', { taskDescription: 'What?' }));
    expect(tale.run().state).toBe('waiting');
    expect(tale.timeline().entities.tasks['t1']?.state).toBe('running');
    expect(tale.timeline().entities.waits['w1']).not.toHaveProperty('taskId');
  });

  it('that is requested twice is one', () => {
    const tale = story().say(taskStarted(1)).say(reviewRequested('v')).say(reviewRequested('v'));
    expect(tale.run().waits.size).toBe(1);
  });

  it.each([
    ['the end of its task', taskCompleted(1, { completedAt: instant(9000) })],
    ['the failure of its task', taskFailed(1, { failedAt: instant(9000) })],
    ['the end of its run', ensembleCompleted('e', { completedAt: instant(9000) })],
    ['the word that its time is over', { type: 'review_timed_out', reviewId: 'v', action: 'CONTINUE' }],
  ])('is over with %s', (_name, message) => {
    const tale = story().say(taskStarted(1)).say(reviewRequested('v'), { ms: 5000 }).say(message, { ms: 9000 });
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ isOpen: false, toMs: BEGIN_MS + 9000 });
    expect(tale.run().openWaits.size).toBe(0);
    expect(tale.run().state).not.toBe('waiting');
  });

  it('does not end with the end of another task', () => {
    const tale = story().say(taskStarted(1)).say(taskStarted(2)).say(reviewRequested('v')).say(taskCompleted(2));
    expect(tale.run().state).toBe('waiting');
  });
});

describe('a review that is asked in a run that has ended', () => {
  it('makes nobody wait, whatever its ledger knows of it', () => {
    const tale = story().say(ensembleCompleted('e')).say(reviewRequested('v'), { ms: 5000 });
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ isOpen: false, fromMs: BEGIN_MS + 5000 });
  });
});

describe('a review before its task', () => {
  it('shows a task that has not started', () => {
    const tale = story().say(reviewRequested('v', BEFORE));
    expect(tale.timeline().entities.tasks).toEqual({
      t1: {
        id: 't1',
        order: 1,
        taskIndex: 0,
        description: 'Task 1',
        agentRole: '',
        state: 'waiting for you',
        toolCalls: 0,
        iterations: 0,
      },
    });
    expect(tale.timeline().head).toMatchObject({ title: 'Task 1', tasksPending: 2 });
    tale.say({ type: 'review_timed_out', reviewId: 'v', action: 'CONTINUE' });
    expect(tale.timeline().entities.tasks['t1']?.state).toBe('pending');
  });

  it('is over when its task starts, which is that task', () => {
    const tale = story()
      .say(reviewRequested('v', BEFORE))
      .say(taskStarted(2, { taskDescription: 'Task 1', startedAt: instant(8000) }));
    expect(tale.timeline().entities.tasks).toEqual({
      t1: expect.objectContaining({ taskIndex: 2, agentRole: 'Agent 2', state: 'running' }),
    });
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ isOpen: false, toMs: BEGIN_MS + 8000, taskId: 't1' });
    tale.say(taskCompleted(2, { taskDescription: 'Task 1' }));
    expect(tale.run().openParts).toBe(0);
  });

  it('leaves a task that never started when its run ends', () => {
    const tale = story()
      .say(reviewRequested('v', BEFORE))
      .say(ensembleCompleted('e', { exitReason: 'USER_EXIT_EARLY' }));
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({ state: 'ended' });
    expect(tale.timeline().entities.tasks['t1']).not.toHaveProperty('endedAtMs');
    expect(tale.timeline().head?.run).toMatchObject({ state: 'ended', tasksFinished: 0 });
  });
});

describe('what the ledger tells of a review', () => {
  it('ends the wait, and the same twice is as good as once', () => {
    const tale = story().say(taskStarted(1)).say(reviewRequested('v'), { ms: 5000 });
    const closed = told({ isOpen: false, toMs: BEGIN_MS + 6000 });
    setReviewWait(tale.live, closed, tale.changes);
    const after = tale.timeline();
    expect(after.entities.waits['w1']).toMatchObject({ isOpen: false, toMs: BEGIN_MS + 6000 });
    expect(after.entities.tasks['t1']?.state).toBe('running');
    const told2 = tale.changes.length;
    setReviewWait(tale.live, closed, tale.changes);
    expect(tale.timeline()).toEqual(after);
    expect(tale.changes).toHaveLength(told2);
  });

  it('opens it again', () => {
    const tale = story().say(taskStarted(1)).say(reviewRequested('v'), { ms: 5000 });
    setReviewWait(tale.live, told({ isOpen: false }), tale.changes);
    setReviewWait(tale.live, told(), tale.changes);
    expect(tale.run().state).toBe('waiting');
    expect(tale.timeline().entities.waits['w1']).not.toHaveProperty('toMs');
  });

  it('does not outweigh what the run itself shows', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(reviewRequested('v'))
      .say(taskCompleted(1, { completedAt: instant(9000) }));
    setReviewWait(tale.live, told(), tale.changes);
    setReviewWait(tale.live, told({ isOpen: false, toMs: BEGIN_MS + 20_000 }), tale.changes);
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ isOpen: false, toMs: BEGIN_MS + 9000 });
  });

  it('makes a wait of a review whose request was missed', () => {
    const tale = story().say(taskStarted(1));
    setReviewWait(tale.live, told(), tale.changes);
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ taskId: 't1', fromMs: BEGIN_MS + 5000, isOpen: true });
    setReviewWait(tale.live, told({ fromMs: BEGIN_MS + 4000 }), tale.changes);
    expect(tale.timeline().entities.waits['w1']?.fromMs).toBe(BEGIN_MS + 4000);
  });

  it('does not make a run wait that has ended', () => {
    const tale = story()
      .say(taskStarted(1))
      .say(ensembleCompleted('e', { completedAt: instant(9000) }));
    setReviewWait(tale.live, told(), tale.changes);
    expect(tale.timeline().entities.waits['w1']).toMatchObject({ isOpen: false, toMs: BEGIN_MS + 9000 });
  });

  it('goes to the run in which its request stands', () => {
    const tale = story().say(taskStarted(1)).say(ensembleCompleted('e')).say(ensembleStarted('f')).say(taskStarted(1));
    setReviewWait(tale.live, told({ position: { epoch: 1, sequence: 2 }, isOpen: false }), tale.changes);
    expect(tale.live.runs.map((run) => run.waits.size)).toEqual([1, 0]);
    setReviewWait(tale.live, told({ reviewId: 'w', position: { epoch: 0, sequence: 1 } }), tale.changes);
    expect(tale.live.runs.map((run) => run.waits.size)).toEqual([1, 0]);
  });
});
