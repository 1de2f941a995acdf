import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { decimalSchema, recordOf, wholeNumberSchema } from './value-schemas.ts';

function accepts(schema: z.ZodMiniType, values: readonly unknown[]): boolean[] {
  return values.map((value) => schema.safeParse(value).success);
}

describe('the schemas of values', () => {
  it('take whole numbers that JSON carries exactly', () => {
    expect(accepts(wholeNumberSchema, [0, -1, Number.MAX_SAFE_INTEGER])).toEqual([true, true, true]);
    expect(accepts(wholeNumberSchema, [1.5, 2 ** 60, '1', null])).toEqual([false, false, false, false]);
  });

  it('take a decimal as number and as text', () => {
    expect(accepts(decimalSchema, [0.25, '0.25', true, {}])).toEqual([true, true, false, false]);
  });

  it('take any names, and look at every value', () => {
    const schema = recordOf(z.string());
    expect(accepts(schema, [{}, { a: 'x', ' ': 'y' }])).toEqual([true, true]);
    expect(accepts(schema, [{ a: 'x', b: 1 }, [], 'x', null])).toEqual([false, false, false, false]);
  });
});
