import { describe, expect, it } from 'vitest';
import { excessRuns, planShrink, trimClass, type RunWeight } from './retention-policy.ts';

const NOTHING = { token: 0, iteration: 0, tool: 0, input: 0, other: 0 };

function weight(bytes: number, trimmable: Partial<RunWeight['trimmableBytes']> = {}, hasOpenReview = false): RunWeight {
  return { bytes, trimmableBytes: { ...NOTHING, ...trimmable }, hasOpenReview };
}

describe('what may go while its run is kept', () => {
  it.each([
    ['llm_iteration_started', 'iteration'],
    ['llm_iteration_completed', 'iteration'],
    ['tool_called', 'tool'],
    ['task_input', 'input'],
    ['token', 'token'],
    ['file_changed', 'other'],
    ['review_requested', 'other'],
    ['something_new', 'other'],
    ['ensemble_started', undefined],
    ['ensemble_completed', undefined],
    ['task_started', undefined],
    ['task_completed', undefined],
    ['task_failed', undefined],
    ['delegation_started', undefined],
    ['delegation_completed', undefined],
    ['delegation_failed', undefined],
  ])('%s: %s', (type, expected) => {
    expect(trimClass(type, false)).toBe(expected);
  });

  it('never an open review', () => {
    expect(trimClass('review_requested', true)).toBeUndefined();
  });
});

describe('making room', () => {
  it('takes from the oldest run first, and in it iterations, tools, inputs, others', () => {
    const runs = [weight(100, { other: 5, input: 10, tool: 20, iteration: 30 }), weight(100, { iteration: 50 })];
    expect(planShrink(runs, 70)).toEqual([
      { kind: 'trim', runIndex: 0, trimClass: 'iteration', bytes: 30 },
      { kind: 'trim', runIndex: 0, trimClass: 'tool', bytes: 20 },
      { kind: 'trim', runIndex: 0, trimClass: 'input', bytes: 10 },
      { kind: 'trim', runIndex: 0, trimClass: 'other', bytes: 5 },
      { kind: 'trim', runIndex: 1, trimClass: 'iteration', bytes: 5 },
    ]);
  });

  it('drops closed runs as a whole only then, never one with an open review, never the newest', () => {
    const runs = [weight(100, {}, true), weight(100, { tool: 10 }), weight(100), weight(100)];
    expect(planShrink(runs, 150)).toEqual([
      { kind: 'trim', runIndex: 1, trimClass: 'tool', bytes: 10 },
      { kind: 'drop', runIndex: 1 },
      { kind: 'drop', runIndex: 2 },
    ]);
    expect(planShrink([weight(100)], 50)).toEqual([]);
  });

  it('takes nothing when there is room', () => {
    expect(planShrink([weight(100, { tool: 50 }), weight(1)], 0)).toEqual([]);
  });

  it('drops the oldest runs above the limit, but none with an open review and not the newest', () => {
    const closed = { hasOpenReview: false };
    const waiting = { hasOpenReview: true };
    expect(excessRuns([closed, closed, closed], 3)).toEqual([]);
    expect(excessRuns([closed, closed, closed], 1)).toEqual([0, 1]);
    expect(excessRuns([waiting, closed, closed, closed], 2)).toEqual([1, 2]);
    expect(excessRuns([waiting, waiting, closed], 1)).toEqual([]);
  });
});
