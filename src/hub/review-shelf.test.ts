import { describe, expect, it } from 'vitest';
import { taskStarted } from '../../test/support/review-scenario.ts';
import { ReviewShelf } from './review-shelf.ts';

function at(sequence: number, epoch = 1) {
  return { epoch, sequence };
}

function startTask(shelf: ReviewShelf): void {
  const task = taskStarted();
  if (task.type === 'task_started') shelf.tasks.start(task);
}

describe('ReviewShelf', () => {
  it('knows the newest run, in the order of what was said', () => {
    const shelf = new ReviewShelf();
    expect(shelf.beginRun('e2', at(5))).toBe(true);
    expect(shelf.beginRun('e1', at(1))).toBe(false);
    expect(shelf.beginRun('e2', at(9))).toBe(false);
    expect(shelf.ensembleId).toBe('e2');
    expect([shelf.isOver(at(4)), shelf.isOver(at(5)), shelf.isOver(at(7))]).toEqual([true, false, false]);
  });

  it('forgets the tasks of a run that is over, but not for an older end', () => {
    const shelf = new ReviewShelf();
    shelf.endBefore(at(5));
    startTask(shelf);
    shelf.endBefore(at(3));
    expect(shelf.tasks.size).toBe(1);
    shelf.endBefore(at(6));
    expect(shelf.tasks.size).toBe(0);
    expect([shelf.isOver(at(5)), shelf.isOver(at(6))]).toEqual([true, false]);
  });

  it('knows no run of a process that has restarted', () => {
    const shelf = new ReviewShelf();
    shelf.beginRun('e1', at(1));
    startTask(shelf);
    shelf.restart(at(0, 2));
    expect([shelf.ensembleId, shelf.tasks.size, shelf.isOver(at(99))]).toEqual([undefined, 0, true]);
    expect(shelf.beginRun('e1', at(1, 2))).toBe(true);
  });

  it('learns how far a publisher clock is off from the quickest event', () => {
    const shelf = new ReviewShelf();
    expect(shelf.ourTimeMs({ receivedAt: { ms: 1_000, ns: 0 }, arrivedAtMs: 5_000 })).toBe(5_000);
    expect(shelf.ourTimeMs({ receivedAt: { ms: 2_000, ns: 0 }, arrivedAtMs: 5_500 })).toBe(5_500);
    expect(shelf.ourTimeMs({ receivedAt: { ms: 3_000, ns: 0 }, arrivedAtMs: 9_000 })).toBe(6_500);
    shelf.restart(at(0, 2));
    expect(shelf.ourTimeMs({ receivedAt: { ms: 3_000, ns: 0 }, arrivedAtMs: 9_000 })).toBe(9_000);
  });
});
