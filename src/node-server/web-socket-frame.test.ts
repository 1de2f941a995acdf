import { describe, expect, test } from 'vitest';
import { controlFrame, textFrame, textFrameHead, textFrames, writeText } from './web-socket-frame.ts';

describe('textFrame', () => {
  test('is the example of RFC 6455, 5.7', () => {
    expect(textFrame('Hello')).toEqual(Buffer.from([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]));
  });

  test.each([
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('says the length %d', (length, head) => {
    const frame = textFrame('x'.repeat(length));
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame).toHaveLength(head.length + length);
  });

  test('counts bytes, not characters', () => {
    expect(textFrame('ü🜁')).toEqual(Buffer.concat([Buffer.from([0x81, 6]), Buffer.from('ü🜁')]));
  });
});

test('textFrames are the frames of each text, in their order', () => {
  const texts = ['a', 'ü'.repeat(200), '', 'x'.repeat(70_000)];
  expect(textFrames(texts)).toEqual(Buffer.concat(texts.map(textFrame)));
  expect(textFrames([])).toHaveLength(0);
});

test('a frame can be written piece by piece', () => {
  for (const text of ['a', 'ü'.repeat(200)]) {
    const payload = Buffer.from(text);
    const head = textFrameHead(payload.length);
    expect(Buffer.concat([head, payload])).toEqual(textFrame(text));
    const into = Buffer.alloc(payload.length + 2);
    expect(writeText(into, 1, { text, length: payload.length })).toBe(payload.length + 1);
    expect(into).toEqual(Buffer.concat([Buffer.alloc(1), payload, Buffer.alloc(1)]));
  }
});

describe('controlFrame', () => {
  test('carries the data of a ping and of its pong', () => {
    expect(controlFrame('ping', Buffer.from('a'))).toEqual(Buffer.from([0x89, 1, 0x61]));
    expect(controlFrame('pong', Buffer.alloc(0))).toEqual(Buffer.from([0x8a, 0]));
  });
});
