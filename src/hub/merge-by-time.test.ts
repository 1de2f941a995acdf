import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../protocol/wire/instant.ts';
import { mergeByTime } from './merge-by-time.ts';

interface Item {
  readonly list: number;
  readonly index: number;
  readonly at: Instant;
}

function merge(lists: readonly (readonly number[])[]): Item[] {
  return mergeByTime(
    lists.map((times, list) => times.map((ms, index): Item => ({ list, index, at: { ms, ns: 0 } }))),
    (item) => item.at,
  );
}

const arbitraryTimes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });

describe('merging by time', () => {
  it('never turns round the order within a list, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTimes, { maxLength: 8 }), (lists) => {
        const merged = merge(lists);
        for (const [list, times] of lists.entries()) {
          expect(merged.filter((item) => item.list === list).map((item) => item.at.ms)).toEqual(times);
        }
        expect(merged.length).toBe(lists.flat().length);
      }),
    );
  });

  it('sorts where every list is sorted, equal times in the order of the lists', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTimes, { maxLength: 8 }), (lists) => {
        const sorted = lists.map((times) => times.toSorted((a, b) => a - b));
        const merged = merge(sorted);
        const expected = merged.toSorted((a, b) => a.at.ms - b.at.ms || a.list - b.list || a.index - b.index);
        expect(merged).toEqual(expected);
      }),
    );
  });

  it('lets one wrong clock hold back only its own list', () => {
    expect(
      merge([
        [100, 1, 2],
        [50, 60],
      ]).map((item) => item.at.ms),
    ).toEqual([50, 60, 100, 1, 2]);
  });

  it('compares nanoseconds', () => {
    const instants = [[{ ms: 1, ns: 5 }], [{ ms: 1, ns: 4 }]];
    expect(mergeByTime(instants, (item) => item)).toEqual([
      { ms: 1, ns: 4 },
      { ms: 1, ns: 5 },
    ]);
  });
});
