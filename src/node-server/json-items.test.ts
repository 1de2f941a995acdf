import { describe, expect, test } from 'vitest';
import { hasMoreItemsThan } from './json-items.ts';

describe('hasMoreItemsThan', () => {
  test('counts members, items, lists and objects', () => {
    const json = JSON.stringify({ a: [1, 2, 3], b: { c: {} } });
    // Two objects and one list open, the empty object, two commas in the list, one between the members.
    expect(hasMoreItemsThan(json, 6)).toBe(true);
    expect(hasMoreItemsThan(json, 7)).toBe(false);
  });

  test('does not count what stands in texts', () => {
    const json = JSON.stringify({ text: '[,{,"\\",[,{,' });
    expect(hasMoreItemsThan(json, 1)).toBe(false);
  });

  test('does not mind what is no JSON', () => {
    expect(hasMoreItemsThan('"never closed [[[[[[', 1)).toBe(false);
    expect(hasMoreItemsThan(',,,,,', 3)).toBe(true);
    expect(hasMoreItemsThan('', 0)).toBe(false);
  });
});
