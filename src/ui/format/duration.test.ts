import { describe, expect, it } from 'vitest';
import { ageOf, clockCountdown, clockDuration, measuredDuration } from './duration.ts';

describe('clockDuration', () => {
  it.each([
    [0, '0:00'],
    [7_900, '0:07'],
    [298_000, '4:58'],
    [3_723_000, '1:02:03'],
    [86_399_999, '23:59:59'],
    [176_396_000, '2 d 0:59:56'],
    [-5, '0:00'],
  ])('%i ms is %s', (ms, text) => expect(clockDuration(ms)).toBe(text));
});

describe('clockCountdown', () => {
  it('says 0:00 only when nothing is left', () => {
    expect([1, 1000, 1001, 0, -10].map(clockCountdown)).toEqual(['0:01', '0:01', '0:02', '0:00', '0:00']);
  });
});

describe('measuredDuration', () => {
  it.each([
    [38.2, '38 ms'],
    [2_440, '2.4 s'],
    [201_000, '3:21'],
  ])('%d ms is %s', (ms, text) => expect(measuredDuration(ms)).toBe(text));
});

describe('ageOf', () => {
  it.each([
    [20, 'now'],
    [48_000, '48 s'],
    [360_000, '6 min'],
    [10_800_000, '3 h'],
    [200_000_000, '2 d'],
  ])('%d ms is %s', (ms, text) => expect(ageOf(ms)).toBe(text));
});
