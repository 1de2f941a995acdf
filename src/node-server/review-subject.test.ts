import { describe, expect, it } from 'vitest';
import { subjectOf } from './review-subject.ts';

describe('subjectOf', () => {
  it('is a short description itself', () => {
    for (const text of ['', 'Draft', 'x'.repeat(256)]) expect(subjectOf(text)).toBe(text);
  });

  it('is short for a long one, the same for the same, and another for another', () => {
    const long = 'Draft a piece. '.repeat(1_000);
    const others = [`${long}!`, long.slice(1), `${long.slice(0, -1)}?`, `?${long.slice(1)}`];
    expect(subjectOf(`${long}`)).toBe(subjectOf(long));
    expect(subjectOf(long).length).toBeLessThan(64);
    expect(new Set([long, ...others].map(subjectOf)).size).toBe(5);
  });
});
