import { describe, expect, test } from 'vitest';
import { controlFrame, textFrame } from '../../src/node-server/web-socket-frame.ts';
import { decodeFrames, decodeTexts } from './decode-frames.ts';

describe('what a server wrote', () => {
  test('is read frame by frame, of any length', () => {
    const texts = ['', 'a', 'ä'.repeat(62), 'b'.repeat(126), 'c'.repeat(65_535), 'd'.repeat(65_536)];
    expect(decodeTexts(Buffer.concat(texts.map(textFrame)))).toEqual(texts);
  });

  test('is read as far as it has come', () => {
    const bytes = Buffer.concat([textFrame('first'), textFrame('x'.repeat(300))]);
    for (const missing of [1, 299, 302, 303]) {
      const { frames, rest } = decodeFrames(bytes.subarray(0, bytes.length - missing));
      expect(frames.map(({ payload }) => payload.toString())).toEqual(['first']);
      expect(rest).toHaveLength(304 - missing);
    }
    expect(() => decodeTexts(bytes.subarray(0, bytes.length - 1))).toThrow('303 bytes are no whole frame.');
  });

  test('may be more than text', () => {
    const bytes = Buffer.concat([controlFrame('ping', Buffer.alloc(0)), textFrame('said')]);
    expect(decodeFrames(bytes).frames.map(({ opcode }) => opcode)).toEqual([9, 1]);
    expect(decodeTexts(bytes)).toEqual(['said']);
  });
});
