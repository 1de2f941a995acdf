import { describe, expect, test } from 'vitest';
import { DEFAULT_KEEP_LIMITS, HIGHEST_KEEP_LIMITS, readKeepLimits } from './keep-limits.ts';

describe('limits that were set', () => {
  test('are taken within their bounds, each by itself', () => {
    expect(readKeepLimits({ maxRuns: 20, maxDays: 0, maxProducers: 1.5, maxMegabytes: '9', other: 3 })).toEqual({
      maxRuns: 20,
    });
    expect(readKeepLimits(HIGHEST_KEEP_LIMITS)).toEqual(HIGHEST_KEEP_LIMITS);
    expect(readKeepLimits({ maxRuns: HIGHEST_KEEP_LIMITS.maxRuns + 1 }, { maxRuns: 12 })).toEqual({ maxRuns: 12 });
  });

  test('stay as they were where nothing sensible is said', () => {
    for (const value of [undefined, null, 7, 'x', []]) {
      expect(readKeepLimits(value, { maxDays: 3 })).toEqual({ maxDays: 3 });
    }
  });

  test('are those that are documented unless somebody sets others', () => {
    expect(DEFAULT_KEEP_LIMITS).toEqual({
      maxProducers: 50,
      maxRuns: 10,
      maxIterations: 5,
      idleMinutes: 30,
      maxMegabytes: 512,
      maxDays: 30,
    });
  });
});
