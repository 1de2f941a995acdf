import { describe, expect, it } from 'vitest';
import { isHubWord, isStreamAck, isStreamFrame } from './stream.ts';

const frame = { stream: 1, generation: 1, number: 0, view: 'roster', snapshot: {} };
const ack = { ack: { stream: 1, generation: 1, number: 0 } };
const word = { word: 'error', text: 'no' };
const comlink = { id: 'x', type: 'GET', path: [] };

describe('what travels on the port', () => {
  it.each([
    ['isStreamFrame', isStreamFrame, frame],
    ['isStreamAck', isStreamAck, ack],
    ['isHubWord', isHubWord, word],
  ])('%s knows its own and nothing else', (_name, guard, own) => {
    const known = [frame, ack, word, comlink, null, undefined, 'text', 7].filter((data) => guard(data));
    expect(known).toEqual([own]);
  });
});
