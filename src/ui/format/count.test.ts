import { describe, expect, it } from 'vitest';
import { countOf, groupDigits } from './count.ts';

describe('numbers in words', () => {
  it('keeps thousands apart', () => {
    expect(groupDigits(1160)).toBe('1,160');
  });

  it('knows one from many', () => {
    expect([countOf(1, 'task'), countOf(12, 'task'), countOf(0, 'reply', 'replies')]).toEqual([
      '1 task',
      '12 tasks',
      '0 replies',
    ]);
  });
});
