import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { topLevelValueText } from './json-slice.ts';

describe('topLevelValueText', () => {
  test.each([
    ['{"message":{"a":1}}', '{"a":1}'],
    ['{ "x" : [1, {"message": 2}] ,\n "message" :\t{ "a" : 1.0 } }', '{ "a" : 1.0 }'],
    ['{"message":12345678901234567890.10,"x":1}', '12345678901234567890.10'],
    ['{"message":null}', 'null'],
    ['{"message":"}\\"]\\\\"}', '"}\\"]\\\\"'],
    ['{"message":1,"message":[2]}', '[2]'],
    ['{"me\\u0073sage":true }', 'true'],
    ['{"a":"message","message":{}}', '{}'],
    ['{"message":[[[]],{"x":"[{"}]}', '[[[]],{"x":"[{"}]'],
  ])('of %s is %s', (json, expected) => {
    expect(topLevelValueText(json, 'message')).toBe(expected);
  });

  test.each(['', '{}', '[]', 'null', '"message"', '{"other":{"message":1}}', '[{"message":1}]'])(
    'of %s is nothing',
    (json) => {
      expect(topLevelValueText(json, 'message')).toBeUndefined();
    },
  );

  test.each([
    '{',
    '{"message',
    '{"message"',
    '{"message":',
    '{"message":{"a":"',
    '{"message":[1',
    '{"\\x":1}',
    '{"a" 1}',
  ])('neither throws nor hangs on what is not JSON: %s', (json) => {
    expect(topLevelValueText(json, 'message')).toBeUndefined();
  });

  test('is what JSON.parse would find there, in any spacing', () => {
    const documents = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(documents, fc.constantFrom(undefined, 1, '\t', ' \n'), (value, space) => {
        const json = JSON.stringify(value, undefined, space);
        const parsed = JSON.parse(json) as Record<string, unknown>;
        for (const key of Object.keys(parsed)) {
          expect(JSON.parse(topLevelValueText(json, key) ?? '')).toEqual(parsed[key]);
        }
      }),
    );
  });

  test('never throws', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', ' ', 'message', '1');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const found = topLevelValueText(parts.join(''), 'message');
        expect(found === undefined || parts.join('').includes(found)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
