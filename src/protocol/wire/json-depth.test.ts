import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonDeeperThan } from './json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('counts lists and objects that are open at once', () => {
  expect(isJsonDeeperThan('[[[]]]', 3)).toBe(false);
  expect(isJsonDeeperThan('[[[]]]', 2)).toBe(true);
  expect(isJsonDeeperThan('[[],[],[],{}]', 2)).toBe(false);
});

test('does not take text for structure', () => {
  expect(isJsonDeeperThan('["[[[[\\"[[["]', 1)).toBe(false);
  expect(isJsonDeeperThan('["\\\\",[[]]]', 2)).toBe(true);
});

test('makes nothing of a string that never ends', () => {
  expect(isJsonDeeperThan('["[[[[', 2)).toBe(false);
});

test('agrees with what JSON.parse built', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = JSON.stringify(value);
      const depth = depthOf(JSON.parse(json));
      expect(isJsonDeeperThan(json, depth)).toBe(false);
      if (depth > 0) expect(isJsonDeeperThan(json, depth - 1)).toBe(true);
    }),
  );
});

test('counts brackets of text only where they are few', () => {
  const json = JSON.stringify({ text: '[{'.repeat(100), deep: [[]] });
  expect(isJsonDeeperThan(json, 3)).toBe(false);
  expect(isJsonDeeperThan(json, 2)).toBe(true);
});
