import { expect, test } from 'vitest';
import { deciderName } from './decider-name.ts';

test.each([
  ['Ada', 'Ada'],
  ['  Ada \n', 'Ada'],
  ['x'.repeat(90), 'x'.repeat(80)],
  ['', 'viewer-1'],
  ['  ', 'viewer-1'],
  [7, 'viewer-1'],
  [null, 'viewer-1'],
  [undefined, 'viewer-1'],
])('of %j it makes %j', (given, name) => {
  expect(deciderName(given, 'viewer-1')).toBe(name);
});
