import { expect, test } from 'vitest';
import { LongFrames, type LongText } from './long-frames.ts';
import { readArrival } from './read-arrival.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { textFrames } from './web-socket-frame.ts';

function eventOf(sequence: number, detail: string) {
  const producer = { producerId: 'p' };
  const text = JSON.stringify({
    type: 'event',
    producer,
    sequence,
    receivedAt: '2026-01-01T00:00:00Z',
    message: { type: 't', detail },
  });
  const read = readArrival(text, DEFAULT_LIMITS);
  if (!read.ok) throw new Error(read.error.message);
  return { ...read.value, epoch: 1, arrivedAtMs: 0 };
}

function takeAll(frames: LongFrames, size: number): Buffer[] {
  const taken: Buffer[] = [];
  for (let bytes = frames.take(size); bytes !== undefined; bytes = frames.take(size)) taken.push(bytes);
  return taken;
}

const events = ['a', 'ü'.repeat(100), '', 'x'.repeat(70_000), '🜁'].map((detail, index) => eventOf(index + 1, detail));
const list = events.map(({ text }) => text).join(',');
const texts: readonly LongText[] = ['first', ['[', events, ']', [], 'ü'], 'last', [[]], [events.slice(0, 1)]];
const whole = textFrames(['first', `[${list}]ü`, 'last', '', events[0]?.text ?? '']);

test.each([1, 10, 300, 100_000])('are the frames of their texts, taken by %d bytes', (size) => {
  const frames = new LongFrames(texts);
  expect(frames.byteLength).toBe(whole.length);
  expect(Buffer.concat(takeAll(frames, size))).toEqual(whole);
  expect(frames.take(size)).toBeUndefined();
});

test('come in pieces that fit, unless a single text does not', () => {
  const sizes = takeAll(new LongFrames(texts), 1000).map(({ length }) => length);
  expect(sizes.filter((size) => size > 1000)).toHaveLength(1);
  expect(sizes.length).toBeLessThan(8);
});

test('no frames are no bytes', () => {
  expect(new LongFrames([]).take(10)).toBeUndefined();
});
