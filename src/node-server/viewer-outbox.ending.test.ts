import { describe, expect, test } from 'vitest';
import { LongFrames } from './long-frames.ts';
import { big, block, frame, setUp } from './test-support/outbox-set-up.ts';
import { textFrame } from './web-socket-frame.ts';

describe('ViewerOutbox', () => {
  test('leaves nothing behind in what waits for all when it ends', () => {
    const box = setUp();
    block(box);
    box.outbox.send(frame('a'));
    box.outbox.abandon();
    expect(box.queue.bytes).toBe(0);
  });

  test('finishes the greeting that it has begun when it is closed, no faster than it is taken', () => {
    const box = setUp();
    box.sink.isOpen = false;
    const parts = Array.from({ length: 3 * 1024 }, () => 'h'.repeat(1024));
    let isWhole = false;
    box.outbox.greet(new LongFrames([parts]));
    box.outbox.send(frame('never'));
    box.outbox.close(() => {
      isWhole = true;
    });
    expect([box.sink.pendingBytes() <= 256 * 1024, isWhole]).toEqual([true, false]);
    for (let times = 0; times < 100; times += 1) box.sink.drain();
    expect(isWhole).toBe(true);
    expect(box.sink.text()).toBe(textFrame(parts.join('')).toString('latin1'));
  });

  test('is at the end of a frame at once if it has begun none', () => {
    const box = setUp();
    block(box);
    box.outbox.send(frame('never'));
    let times = 0;
    for (const close of [1, 2]) box.outbox.close(() => (times += close));
    box.sink.drain();
    expect([times, box.sink.text().replaceAll('#', '')]).toEqual([1, '']);
  });

  test('lets go of everything when its socket has ended', () => {
    const box = setUp();
    box.sink.isOpen = false;
    box.outbox.greet(new LongFrames(['h'.repeat(1024 * 1024), 'never']));
    box.outbox.close(() => expect.unreachable());
    box.outbox.abandon();
    const { length } = box.sink.text();
    box.sink.drain();
    expect(box.sink.text()).toHaveLength(length);
  });

  test('finishes the frame that it has begun when it is closed, and nothing else', () => {
    const box = setUp();
    box.sink.isOpen = false;
    box.outbox.send(big(100 * 1024, 'y'));
    box.outbox.send(frame('never'));
    box.outbox.close(() => box.sink.write(Buffer.from('.'), () => undefined));
    box.outbox.send(frame('neither'));
    box.outbox.greet(new LongFrames(['nor']));
    for (let times = 0; times < 3; times += 1) box.sink.drain();
    expect(box.sink.text()).toBe(`${'y'.repeat(100 * 1024)}.`);
    expect(box.outbox.queuedBytes).toBe(0);
  });
});
