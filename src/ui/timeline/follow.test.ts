import { describe, expect, test } from 'vitest';
import { firstLook, fitExtent, look } from './follow.ts';
import type { Extent, Look } from './follow.ts';

const live = (latestMs: number): Extent => ({ startMs: 0, latestMs, isLive: true });

describe('what the timeline looks at', () => {
  test('shows all of an ended run', () => {
    const window = fitExtent({ startMs: 1000, latestMs: 2000, isLive: false });
    expect(window.fromMs).toBeLessThan(1000);
    expect(window.toMs).toBeGreaterThan(2000);
    expect(window.toMs - window.fromMs).toBeLessThan(1100);
  });

  test('a live run has paper to grow on, and the paper stands still until it is used up', () => {
    const first = firstLook(live(10_000));
    expect(first.window.toMs).toBeGreaterThan(12_000);
    expect(look(first, { kind: 'time-passed' }, live(11_000))).toBe(first);
    const next = look(first, { kind: 'time-passed' }, live(13_000));
    expect(next.mode).toBe('fit');
    expect(next.window.toMs).toBeGreaterThan(15_000);
  });

  test('panning back stops the following, and nothing moves by itself any more', () => {
    const still = look(firstLook(live(10_000)), { kind: 'pan', deltaMs: -8000 }, live(10_000));
    expect(still.mode).toBe('still');
    expect(look(still, { kind: 'time-passed' }, live(90_000))).toBe(still);
  });

  test('zooming away from now stops the following, zooming at now does not', () => {
    const first = firstLook(live(10_000));
    expect(look(first, { kind: 'zoom', factor: 0.2, atMs: 0 }, live(10_000)).mode).toBe('still');
    const near = look(first, { kind: 'zoom', factor: 0.2 }, live(10_000));
    expect(near.mode).toBe('latest');
    const later = look(near, { kind: 'time-passed' }, live(60_000));
    expect(later.window.fromMs).toBeLessThan(60_000);
    expect(later.window.toMs).toBeGreaterThan(60_000);
    expect(later.window.toMs - later.window.fromMs).toBeCloseTo(near.window.toMs - near.window.fromMs);
  });

  test('the switch jumps to now, and off it stays where it is', () => {
    const away: Look = { mode: 'still', window: { fromMs: 0, toMs: 1000 } };
    const again = look(away, { kind: 'follow', isOn: true }, live(50_000));
    expect(again.mode).toBe('latest');
    expect(again.window.toMs).toBeGreaterThan(50_000);
    expect(look(again, { kind: 'follow', isOn: false }, live(50_000))).toEqual({ ...again, mode: 'still' });
  });

  test('a wide look that follows again is a fit', () => {
    const wide: Look = { mode: 'still', window: { fromMs: -1e6, toMs: 1e5 } };
    expect(look(wide, { kind: 'follow', isOn: true }, live(50_000)).mode).toBe('fit');
  });

  test('fit shows the whole run again', () => {
    const away: Look = { mode: 'still', window: { fromMs: 0, toMs: 10 } };
    expect(look(away, { kind: 'fit' }, live(50_000))).toEqual(firstLook(live(50_000)));
  });

  test('what is in sight is not moved to, what is not is brought in', () => {
    const away: Look = { mode: 'still', window: { fromMs: 0, toMs: 1000 } };
    expect(look(away, { kind: 'show', fromMs: 900, toMs: 5000 }, live(50_000))).toBe(away);
    const moved = look(away, { kind: 'show', fromMs: 20_000, toMs: 21_000 }, live(50_000));
    expect(moved.window.fromMs).toBeLessThan(20_000);
    expect(moved.window.toMs).toBeGreaterThan(20_000);
  });
});
