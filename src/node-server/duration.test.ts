import { describe, expect, test } from 'vitest';
import { formatDuration, parseDurationMs } from './duration.ts';

describe('parseDurationMs', () => {
  test.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('reads %s', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });

  test.each(['', '30', 'm', '-5s', '1.5h', '30 m', '30M', '1h30m', '99999999999s'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  test.each([
    [500, '500ms'],
    [90_000, '90s'],
    [1_800_000, '30m'],
    [7_200_000, '2h'],
    [86_400_000, '1d'],
  ])('writes %d as %s, which reads as the same', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
    expect(parseDurationMs(text)).toBe(durationMs);
  });
});
