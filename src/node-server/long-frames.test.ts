import { expect, test } from 'vitest';
import { LongFrames } from './long-frames.ts';
import { textFrames } from './web-socket-frame.ts';

function takeAll(frames: LongFrames, size: number): Buffer[] {
  const taken: Buffer[] = [];
  for (let bytes = frames.take(size); bytes !== undefined; bytes = frames.take(size)) taken.push(bytes);
  return taken;
}

test('are the frames of their texts, however they are taken', () => {
  const parts = ['a', 'ü'.repeat(100), '', 'x'.repeat(70_000), '🜁'];
  const whole = textFrames(['first', parts.join(''), 'last']);
  for (const size of [1, 10, 300, 100_000]) {
    const frames = new LongFrames(['first', parts, 'last']);
    expect(frames.byteLength).toBe(whole.length);
    expect(Buffer.concat(takeAll(frames, size))).toEqual(whole);
  }
});

test('come in pieces that fit, unless a single one does not', () => {
  const frames = new LongFrames([Array.from({ length: 100 }, () => 'x'.repeat(100)), 'y'.repeat(3000)]);
  const sizes = takeAll(frames, 1000).map(({ length }) => length);
  expect(sizes.filter((size) => size > 1000)).toEqual([3000]);
  expect(sizes.length).toBeLessThan(15);
});

test('no frames are no bytes', () => {
  expect(new LongFrames([]).take(10)).toBeUndefined();
});
