import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evenShare } from './even-share.ts';

describe('evenShare', () => {
  test.each([
    [[], 10, Number.POSITIVE_INFINITY],
    [[3, 4], 10, Number.POSITIVE_INFINITY],
    [[20], 10, 10],
    [[20, 20], 10, 5],
    [[1, 20, 20], 11, 5],
    [[2, 9, 5], 12, 5],
    [[5, 5], 0, 0],
  ])('of %j, for %d, is %d', (amounts, total, share) => {
    expect(evenShare(amounts, total)).toBe(share);
  });

  test('leaves exactly as much as there may be, if there is more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.nat(5000), (amounts, total) => {
        const share = evenShare(amounts, total);
        const kept = amounts.reduce((sum, amount) => sum + Math.min(amount, share), 0);
        const all = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(kept).toBeCloseTo(Math.min(all, total), 6);
      }),
    );
  });
});
