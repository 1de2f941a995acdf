import { describe, expect, test } from 'vitest';
import { formatByteSize, parseByteSize } from './byte-size.ts';

describe('parseByteSize', () => {
  test.each([
    ['0', 0],
    ['100', 100],
    ['512K', 524_288],
    ['8m', 8_388_608],
    ['1G', 1_073_741_824],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  test.each(['', 'K', '1.5M', '-1', '8 M', '8MB', '1T'])('refuses %j', (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  });
});

describe('formatByteSize', () => {
  test.each([
    [0, '0'],
    [100, '100'],
    [1025, '1025'],
    [16_384, '16K'],
    [8_388_608, '8M'],
    [1_073_741_824, '1G'],
  ])('writes %d as %s, which reads as the same', (bytes, text) => {
    expect(formatByteSize(bytes)).toBe(text);
    expect(parseByteSize(text)).toBe(bytes);
  });
});
