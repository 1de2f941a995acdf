import { expect, it } from 'vitest';
import { sizeText } from './size.ts';

it.each([
  [0, '0 B'],
  [-1, '0 B'],
  [812, '812 B'],
  [14_336, '14 kB'],
  [3_355_443, '3.2 MB'],
  [536_870_912, '512 MB'],
  [8_589_934_592, '8.0 GB'],
  [1024 ** 5, '1048576 GB'],
])('%i bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));
