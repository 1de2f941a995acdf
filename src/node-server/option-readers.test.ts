import { describe, expect, test } from 'vitest';
import {
  readAllowedHost,
  readBytes,
  readCount,
  readData,
  readDuration,
  readHost,
  readNumber,
  readOneOf,
  readOrigin,
} from './option-readers.ts';

test.each([
  [readNumber(2, 4), '3', 3],
  [readCount, '1', 1],
  [readOneOf(['a', 'b']), 'b', 'b'],
  [readDuration, '90s', 90_000],
  [readBytes, '8M', 8_388_608],
  [readHost, 'example.org', 'example.org'],
  [readAllowedHost, 'Bücher.example', 'xn--bcher-kva.example'],
  [readOrigin, 'https://A.example/x', 'https://a.example'],
  [readData, 'none', 'none'],
] as const)('%o takes what it is for', (read, text, value) => {
  expect(read(text)).toEqual({ ok: true, value });
});

describe('what is wrong is said', () => {
  test.each([
    [readNumber(2, 4), '5', 'must be a number from 2 to 4'],
    [readNumber(2, 4), '-3', 'must be a number'],
    [readCount, '0', 'must be a number from 1 to'],
    [readOneOf(['a', 'b']), 'c', 'must be one of a, b'],
    [readDuration, '0s', 'must be a time'],
    [readDuration, '30', 'must be a time'],
    [readBytes, '0', 'must be a size'],
    [readBytes, '8MB', 'must be a size'],
    [readBytes, '9999G', 'must be a size'],
    [readHost, 'a b', 'must be a host name'],
    [readAllowedHost, 'relay.example:443', 'must be a host name or an IP address without a port'],
    [readOrigin, 'null', 'must be an address'],
    [readData, '/tmp', 'can only be "none"'],
  ] as const)('%o of %j: %s', (read, text, sentence) => {
    expect(read(text)).toEqual({ ok: false, error: expect.stringContaining(sentence) });
  });
});
