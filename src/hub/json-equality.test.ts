import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEquals } from './json-equality.ts';

describe('equality of JSON values', () => {
  it('holds for a copy, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(jsonEquals(JSON.parse(JSON.stringify(value)), JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    );
    expect(jsonEquals({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  });

  it.each([
    [1, '1'],
    [null, {}],
    [[], {}],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
  ])('tells %j from %j', (a, b) => {
    expect(jsonEquals(a, b)).toBe(false);
    expect(jsonEquals(b, a)).toBe(false);
  });

  it('takes absent and null for the same, as the wire does', () => {
    expect(jsonEquals({ a: 1, b: null }, { a: 1 })).toBe(true);
    expect(jsonEquals({ a: 1 }, { a: 1, b: null })).toBe(true);
    expect(jsonEquals([null], [])).toBe(false);
  });

  it('knows members that every object has by birth', () => {
    expect(jsonEquals(JSON.parse('{"__proto__":{"a":1}}'), {})).toBe(false);
    expect(jsonEquals({ toString: 1 }, {})).toBe(false);
  });

  it('does not overflow on what a peer nests', () => {
    const deep = (): unknown => JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    expect(jsonEquals(deep(), deep())).toBe(false);
  });
});
