import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfJsonString } from './json-string.ts';

test('finds the quote that closes, behind any escapes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', '\\', 'a', '\n', 'ü') }), fc.string(), (text, rest) => {
      const json = JSON.stringify(text);
      expect(endOfJsonString(json + rest, 0)).toBe(json.length);
    }),
  );
});

test.each(['"', '"abc', '"abc\\"', '"\\\\\\"'])('%s never closes', (json) => {
  expect(endOfJsonString(json, 0)).toBe(-1);
});
