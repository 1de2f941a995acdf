import { describe, expect, test } from 'vitest';
import { LongFrames } from './long-frames.ts';
import { block, frame, setUp } from './test-support/outbox-set-up.ts';
import { textFrame } from './web-socket-frame.ts';

describe('ViewerOutbox', () => {
  test('tells since when a viewer has taken nothing', () => {
    const box = setUp();
    box.pass(1000);
    box.outbox.send(frame('a'));
    expect(box.outbox.stalledSinceMs).toBeUndefined();
    block(box);
    box.pass(500);
    box.outbox.send(frame('b'));
    expect(box.outbox.stalledSinceMs).toBe(1000);
    box.sink.drain();
    box.sink.drain();
    expect(box.outbox.stalledSinceMs).toBeUndefined();
    expect(box.outbox.lastDrainMs).toBe(1500);
  });

  test('sees that a viewer on a slow line takes something, whatever it is sent', () => {
    const box = setUp();
    box.sink.isOpen = false;
    const long = 'e'.repeat(2 * 1024 * 1024);
    box.outbox.greet(new LongFrames([long, 'h'.repeat(300_000)]));
    const bytesPerMs = 20;
    const pieces: number[] = [];
    const takes = (bytes: number) => box.pass(bytes / bytesPerMs);
    for (let size = box.sink.drainOne(takes); size > 0; size = box.sink.drainOne(takes)) pieces.push(size);
    // Of the first two (a head, and what fits behind it) nobody knows yet how slow the line is.
    expect(Math.max(...pieces.slice(2))).toBeLessThanOrEqual(1000 * bytesPerMs);
    expect(box.sink.text()).toBe(
      `${textFrame(long).toString('latin1')}${textFrame('h'.repeat(300_000)).toString('latin1')}`,
    );
  });

  test('takes it for no sign of life that this machine took the bytes', async () => {
    const { outbox, pass } = setUp();
    pass(1000);
    outbox.send(frame('a'));
    await Promise.resolve();
    expect(outbox.lastDrainMs).toBe(0);
  });
});
