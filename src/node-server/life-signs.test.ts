import { describe, expect, it } from 'vitest';
import { LifeSigns } from './life-signs.ts';

describe('LifeSigns', () => {
  it('counts the silence of a peer that was asked', () => {
    const signs = new LifeSigns(40, 0);
    signs.asked(15);
    expect([signs.isGone(39), signs.isGone(40)]).toEqual([false, true]);
    signs.heard(20);
    expect(signs.isGone(100)).toBe(false);
  });

  it('goes on counting when the clock is set back', () => {
    const signs = new LifeSigns(40, 3_600_000);
    for (const nowMs of [0, 15, 30]) signs.asked(nowMs);
    expect([signs.isGone(39), signs.isGone(40)]).toEqual([false, true]);
  });
});
