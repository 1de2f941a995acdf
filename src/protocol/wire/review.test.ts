import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DECISIONS, parseDecision } from './review.ts';

describe('parseDecision', () => {
  test.each([
    ['CONTINUE', 'CONTINUE'],
    ['continue', 'CONTINUE'],
    ['approve', 'CONTINUE'],
    ['Approve', 'CONTINUE'],
    ['Edit', 'EDIT'],
    ['exit_early', 'EXIT_EARLY'],
  ])('%j means %s', (text, decision) => {
    expect(parseDecision(text)).toBe(decision);
  });

  test.each(['', 'exit', 'reject', ' CONTINUE ', 'CONT\u0131NUE', 'EXIT EARLY', 'constructor'])(
    '%j means nothing',
    (text) => {
      expect(parseDecision(text)).toBeUndefined();
    },
  );

  test('gives a known decision or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect([undefined, ...DECISIONS]).toContain(parseDecision(text));
      }),
    );
  });
});
