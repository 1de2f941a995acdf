import { describe, expect, test } from 'vitest';
import { VIEWER_QUEUE_HARD_BYTES, VIEWER_QUEUE_SOFT_BYTES } from '../protocol/wire/limits.ts';
import { big, block, frame, setUp } from './test-support/outbox-set-up.ts';
import { answerFrames } from './turn-batch.ts';

describe('ViewerOutbox', () => {
  test('writes the frames of a turn at once, as they are', () => {
    const { sink, outbox } = setUp();
    outbox.send(frame('ab'));
    expect(sink.taken).toEqual([Buffer.from('ab')]);
    expect(outbox.queuedBytes).toBe(0);
  });

  test('keeps what the socket does not take, in its order', () => {
    const box = setUp();
    block(box);
    for (const text of ['a', 'b', 'c']) box.outbox.send(frame(text));
    expect(box.sink.taken).toHaveLength(1);
    expect(box.outbox.queuedBytes).toBe(3);
    box.sink.drain();
    expect(box.sink.text()).toMatch(/#abc$/);
    expect(box.outbox.queuedBytes).toBe(0);
  });

  test('hands a long frame over in slices, and nothing between them', () => {
    const box = setUp();
    box.sink.isOpen = false;
    box.outbox.send(big(200 * 1024, 'y'));
    box.outbox.send(frame('after'));
    expect(box.sink.pendingBytes()).toBe(64 * 1024);
    for (let times = 0; times < 5; times += 1) box.sink.drain();
    expect(box.sink.text()).toBe(`${'y'.repeat(200 * 1024)}after`);
  });

  test('drops tokens first, those that wait and those that come', () => {
    const box = setUp();
    block(box);
    const half = VIEWER_QUEUE_SOFT_BYTES / 2;
    box.outbox.send(big(half, 't', true));
    box.outbox.send(big(half, 'e'));
    expect(box.outbox.queuedBytes).toBe(2 * half);
    box.outbox.send(frame('u', true));
    expect(box.outbox.queuedBytes).toBe(2 * half);
    box.outbox.send(frame('f'));
    expect(box.outbox.queuedBytes).toBe(half + 1);
    for (let times = 0; times < 9; times += 1) box.sink.drain();
    expect(box.sink.text().replaceAll('#', '')).toBe(`${'e'.repeat(half)}f`);
  });

  test('adds what waits to what waits for all, and counts what it drops', () => {
    const box = setUp();
    block(box);
    box.outbox.send({ bytes: Buffer.from('aT'), withoutTokens: Buffer.from('a') });
    expect(box.queue.bytes).toBe(2);
    box.outbox.send(big(VIEWER_QUEUE_SOFT_BYTES, 'e'));
    box.outbox.send(frame('u', true));
    expect([box.queue.bytes, box.dropped]).toEqual([VIEWER_QUEUE_SOFT_BYTES + 1, { token: 2, queue: 0 }]);
    box.outbox.send(big(VIEWER_QUEUE_HARD_BYTES, 'f'));
    const all = VIEWER_QUEUE_SOFT_BYTES + 1 + VIEWER_QUEUE_HARD_BYTES;
    expect([box.queue.bytes, box.dropped]).toEqual([0, { token: 2, queue: all }]);
  });

  test('takes of a turn what is no token when there is no room for all of it', () => {
    const box = setUp();
    block(box);
    box.outbox.send({ bytes: Buffer.from('aT'), withoutTokens: Buffer.from('a') });
    box.outbox.send(big(VIEWER_QUEUE_SOFT_BYTES - 2, 'e'));
    box.outbox.send({ bytes: Buffer.from('bT'), withoutTokens: Buffer.from('b') });
    expect(box.outbox.queuedBytes).toBe(VIEWER_QUEUE_SOFT_BYTES);
    for (let times = 0; times < 9; times += 1) box.sink.drain();
    expect(box.sink.text().replaceAll(/[#e]+/g, '.')).toBe('.a.b');
  });

  test('gives a viewer that keeps up the tokens that were said beside something long', () => {
    const box = setUp();
    const long = 'e'.repeat(VIEWER_QUEUE_SOFT_BYTES);
    box.outbox.send({ bytes: Buffer.from(`${long}T`), withoutTokens: Buffer.from(long) });
    expect(box.sink.text()).toBe(`${long}T`);
    expect(box.dropped.token).toBe(0);
  });

  test('gives up on a viewer that goes on asking and takes no answer', () => {
    const box = setUp();
    block(box);
    for (let times = 0; times < 8; times += 1) box.outbox.send(answerFrames(Buffer.alloc(VIEWER_QUEUE_HARD_BYTES / 2)));
    expect(box.told.tooSlow).toBeGreaterThan(0);
  });
});
