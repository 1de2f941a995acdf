import { describe, expect, test } from 'vitest';
import { niceStep, panBy, pxPerMs, spanOf, tickLabel, ticksOf, zoomAbout } from './time-scale.ts';

describe('the scale of time', () => {
  test('zooms about a point, which stays where it is', () => {
    const window = { fromMs: 1000, toMs: 2000 };
    const closer = zoomAbout(window, 0.5, 1250);
    expect(closer).toEqual({ fromMs: 1125, toMs: 1625 });
    expect((1250 - closer.fromMs) * pxPerMs(closer, 400)).toBe(100);
    expect(zoomAbout(closer, 2, 1250)).toEqual(window);
  });

  test('neither zooms closer than 10 ms nor wider than a year', () => {
    expect(spanOf(zoomAbout({ fromMs: 0, toMs: 20 }, 0.001, 5))).toBe(10);
    expect(spanOf(zoomAbout({ fromMs: 0, toMs: 1e9 }, 1e9, 5))).toBe(365 * 24 * 3600 * 1000);
  });

  test('pans', () => {
    expect(panBy({ fromMs: 0, toMs: 10 }, 5)).toEqual({ fromMs: 5, toMs: 15 });
  });

  test.each([
    [4000, 1000, 500],
    [210_000, 1000, 30_000],
    [3_600_000, 800, 600_000],
    [40, 800, 5],
  ])('%i ms on %i px are told in steps of %i ms', (spanMs, widthPx, step) => {
    expect(niceStep(spanMs, widthPx)).toBe(step);
  });

  test('counts ticks from the beginning of the run, and puts none before it', () => {
    const ticks = ticksOf({ fromMs: 900, toMs: 3200 }, 1000, 200);
    expect(ticks).toEqual([
      { atMs: 1000, label: '0:00' },
      { atMs: 2000, label: '0:01' },
      { atMs: 3000, label: '0:02' },
    ]);
  });

  test('labels are as exact as their step', () => {
    expect(tickLabel(90_000, 30_000)).toBe('1:30');
    expect(tickLabel(1250, 50)).toBe('0:01.25');
    expect(tickLabel(1500, 500)).toBe('0:01.5');
    expect(tickLabel(61_007, 1)).toBe('1:01.007');
  });
});
