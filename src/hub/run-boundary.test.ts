import { describe, expect, it } from 'vitest';
import { NEW_RUN, advanceRun, beginsRun, noteFreshEpoch, splitRuns } from './run-boundary.ts';

const split = (...types: string[]): string[][] =>
  splitRuns(types.map((type) => ({ type }))).map((run) => run.map(({ type }) => type));

describe('where runs begin', () => {
  it('begins one at a start, once the one before had a task', () => {
    expect(split('ensemble_started', 'task_started', 'ensemble_started')).toEqual([
      ['ensemble_started', 'task_started'],
      ['ensemble_started'],
    ]);
  });

  it('begins one at a start, once the one before has ended', () => {
    expect(split('ensemble_started', 'ensemble_completed', 'ensemble_started')).toHaveLength(2);
  });

  it('goes on where the one before has only begun', () => {
    expect(split('tool_called', 'ensemble_started', 'review_requested', 'ensemble_started')).toHaveLength(1);
  });

  it.each(['task_started', 'task_completed', 'task_failed'])('takes %s for a sign of a task', (type) => {
    expect(advanceRun(NEW_RUN, type)).toEqual({ hadTask: true, hasEnded: false });
    expect(split(type, 'ensemble_started')).toHaveLength(2);
  });

  it('begins a run at starts only', () => {
    expect(beginsRun('ensemble_started', { hadTask: true, hasEnded: false })).toBe(true);
    expect(beginsRun('ensemble_started', NEW_RUN)).toBe(false);
    expect(beginsRun('task_started', { hadTask: true, hasEnded: true })).toBe(false);
    expect(advanceRun(NEW_RUN, 'tool_called')).toEqual(NEW_RUN);
  });

  it('cuts where it is told to, too', () => {
    const items = [1, 1, 2].map((life) => ({ type: 'tool_called', life }));
    expect(splitRuns(items, (item, previous) => item.life !== previous.life)).toEqual([
      items.slice(0, 2),
      items.slice(2),
    ]);
  });

  it('remembers the newest lives that are known from their beginning, and not all there ever were', () => {
    const fresh = new Set<number>();
    for (let epoch = 1; epoch <= 1000; epoch += 1) noteFreshEpoch(fresh, epoch);
    expect([...fresh]).toEqual(Array.from({ length: 128 }, (_, index) => 873 + index));
  });
});
