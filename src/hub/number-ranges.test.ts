import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberRanges } from './number-ranges.ts';

describe('number ranges', () => {
  it('are the numbers that were added and not taken out', () => {
    const arbitrarySteps = fc.array(
      fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4 })),
    );
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        const ranges = new NumberRanges(1_000);
        const expected = new Set<number>();
        for (const [isAdd, from, length] of steps) {
          const values = Array.from({ length: length + 1 }, (_, index) => from + index);
          if (!isAdd) expect(ranges.delete(from)).toBe(expected.delete(from));
          else if (!values.some((value) => expected.has(value))) {
            ranges.add(from, from + length);
            for (const value of values) expected.add(value);
          }
        }
        const listed = ranges.list();
        expect(listed.every(([from, to]) => from <= to)).toBe(true);
        const values = listed.flatMap(([from, to]) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(values).toEqual([...expected].sort((a, b) => a - b));
        expect(ranges.count).toBe(expected.size);
        for (let value = 0; value <= 45; value += 1) expect(ranges.has(value)).toBe(expected.has(value));
      }),
    );
  });

  it('list no more than they may, and still count the others', () => {
    const ranges = new NumberRanges(2);
    for (const from of [1, 10, 20]) ranges.add(from, from + 2);
    expect(ranges.list()).toEqual([
      [10, 12],
      [20, 22],
    ]);
    expect(ranges.count).toBe(9);
    ranges.delete(21);
    expect(ranges.list()).toEqual([
      [20, 20],
      [22, 22],
    ]);
    expect(ranges.count).toBe(8);
  });

  it('take no empty range', () => {
    const ranges = new NumberRanges(2);
    ranges.add(5, 4);
    expect(ranges.list()).toEqual([]);
  });
});
