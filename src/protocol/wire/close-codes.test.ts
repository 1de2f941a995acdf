import { describe, expect, test } from 'vitest';
import { CLOSE, closeMeaning } from './close-codes.ts';

describe('closeMeaning', () => {
  test.each(Object.values(CLOSE))('knows its own code $code', (meaning) => {
    expect(closeMeaning(meaning.code)).toEqual(meaning);
    expect(meaning.code).toBeGreaterThanOrEqual(4000);
    expect(meaning.code).toBeLessThan(5000);
    expect(new TextEncoder().encode(meaning.reason).length).toBeLessThanOrEqual(123);
  });

  test('a broken connection is worth another try, a refused page is not', () => {
    expect(closeMeaning(1006).retry).toBe(true);
    expect(closeMeaning(1008)).toMatchObject({ retry: false, explanation: expect.stringContaining('localhost') });
    expect(closeMeaning(CLOSE.replaced.code).retry).toBe(false);
  });

  test('a code that nobody documented is named by its number, and worth another try', () => {
    expect(closeMeaning(4999)).toMatchObject({ code: 4999, retry: true, explanation: expect.stringContaining('4999') });
  });

  test('no code is used twice', () => {
    const codes = Object.values(CLOSE).map((meaning) => meaning.code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
