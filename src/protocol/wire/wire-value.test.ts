import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { describeInvalid, isRecord } from './wire-value.ts';

function problem(schema: z.ZodMiniType, value: unknown): string {
  const parsed = schema.safeParse(value);
  return parsed.success ? 'valid' : describeInvalid('sample', parsed.error);
}

describe('describeInvalid', () => {
  test.each([
    [z.string(), 7, 'The message "sample" is not valid: it must be of type string.'],
    [z.object({ a: z.number() }), { a: '1' }, 'The message "sample" is not valid in "a": it must be of type number.'],
    [
      z.string().check(z.refine(() => false, { error: 'must not be blank' })),
      '',
      'The message "sample" is not valid: it must not be blank.',
    ],
    [z.literal('x'), 'y', 'The message "sample" is not valid: it has a value that is not allowed there.'],
  ])('%#', (schema, value, sentence) => {
    expect(problem(schema, value)).toBe(sentence);
  });
});

describe('isRecord', () => {
  test.each([{}, { a: 1 }, Object.create(null)])('%j is one', (value) => {
    expect(isRecord(value)).toBe(true);
  });

  test.each([null, undefined, [], 'x', 1, true])('%j is none', (value) => {
    expect(isRecord(value)).toBe(false);
  });
});
