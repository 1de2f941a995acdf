import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('plainText', () => {
  it.each([
    ['markup stays text', "<script>alert('x')</script>", "<script>alert('x')</script>"],
    ['colours are dropped', '\u001b[31mred\u001b[0m', 'red'],
    ['other escapes are shown', '\u001b]52;c;AAAA\u0007', '␛]52;c;AAAA␇'],
    ['text cannot be turned round', 'user\u202egpj.exe', 'user⟨U+202E⟩gpj.exe'],
    ['delete and C1 codes are shown', '\u007f\u0085', '⟨U+007F⟩⟨U+0085⟩'],
    ['tabs and lines are kept', 'a\tb\r\nc\n', 'a\tb\nc\n'],
  ])('%s', (_name, text, shown) => expect(plainText(text)).toBe(shown));
});
