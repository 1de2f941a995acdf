import * as z from 'zod/mini';

// Made of `refine` alone: each other kind of check would add its own code to every hub.

/** A whole number that JSON carries exactly. */
export const wholeNumberSchema = z
  .number()
  .check(z.refine(Number.isSafeInteger, { error: `must be a whole number of at most ${Number.MAX_SAFE_INTEGER}` }));

/** A decimal number, as text where the sender keeps its digits. */
export const decimalSchema = z.custom<string | number>(
  (value) => typeof value === 'string' || typeof value === 'number',
  { error: 'must be a number, or one as text' },
);

/** An object whose members have any names, and values of one kind. The names are peers' text: read it with `Object.entries`. */
export function recordOf<V extends z.ZodMiniType>(
  value: V,
): z.ZodMiniObject<Record<never, never>, z.core.$catchall<V>> {
  return z.catchall(z.object({}), value);
}
