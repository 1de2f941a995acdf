import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { schemasByType } from './schemas-by-type.ts';

test('each schema is found by every type that it is for', () => {
  const one = z.looseObject({ type: z.literal('one') });
  const two = z.looseObject({ type: z.literal(['two', 'zwei']) });
  const schemas = schemasByType([one, two]);
  expect([...schemas.keys()]).toEqual(['one', 'two', 'zwei']);
  expect([schemas.get('one'), schemas.get('two'), schemas.get('zwei')]).toEqual([one, two, two]);
});
