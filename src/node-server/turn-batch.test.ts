import { expect, test } from 'vitest';
import { lastingFrames, TurnBatch } from './turn-batch.ts';
import { textFrames } from './web-socket-frame.ts';

const token = { text: 'token', isToken: true };
const [first, last] = [
  { text: 'first', isToken: false },
  { text: 'last', isToken: false },
];

test('a turn is its frames behind each other, and those that are no tokens', () => {
  const batch = new TurnBatch([first, token, last]);
  expect(batch.bytes).toEqual(textFrames(['first', 'token', 'last']));
  expect(batch.withoutTokens).toEqual(textFrames(['first', 'last']));
  expect(batch.withoutTokens).toBe(batch.withoutTokens);
  expect(new TurnBatch([token]).withoutTokens).toHaveLength(0);
});

test('a turn without tokens is the same for everybody', () => {
  const batch = new TurnBatch([first, last]);
  expect(batch.withoutTokens).toBe(batch.bytes);
});

test('frames that last have no tokens', () => {
  const bytes = textFrames(['first']);
  expect(lastingFrames(bytes)).toEqual({ bytes, withoutTokens: bytes });
});
