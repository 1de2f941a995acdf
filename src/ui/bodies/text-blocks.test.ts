import { describe, expect, it } from 'vitest';
import { isRightToLeft, linesOf, textBlocks } from './text-blocks.ts';

describe('textBlocks', () => {
  it.each([
    '',
    'short',
    'x'.repeat(100_000),
    'a line\n'.repeat(20_000),
    `${'x'.repeat(40_000)}\n`.repeat(3),
    '\n'.repeat(50_000),
  ])('loses nothing of a text', (text) => expect(textBlocks(text).join('\n')).toBe(text));

  it('keeps short texts and long lines whole, and parts long texts at the ends of lines', () => {
    expect(textBlocks('a\nb')).toEqual(['a\nb']);
    expect(textBlocks('x'.repeat(100_000))).toHaveLength(1);
    const blocks = textBlocks('a line\n'.repeat(20_000));
    expect(blocks.length).toBeGreaterThan(8);
    expect(blocks.every((block) => block.length < 17_000)).toBe(true);
  });
});

it('counts lines', () => {
  expect(['', 'a', 'a\nb', 'a\n'].map(linesOf)).toEqual([1, 1, 2, 2]);
});

it('knows what runs from right to left', () => {
  expect(['Hello – ü 漢字 🚀', 'שלום', 'see هل there'].map(isRightToLeft)).toEqual([false, true, true]);
});
