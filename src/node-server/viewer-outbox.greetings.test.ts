import { describe, expect, test } from 'vitest';
import { VIEWER_QUEUE_HARD_BYTES } from '../protocol/wire/limits.ts';
import { LongFrames } from './long-frames.ts';
import { big, block, frame, setUp } from './test-support/outbox-set-up.ts';
import { answerFrames } from './turn-batch.ts';
import { textFrame } from './web-socket-frame.ts';

describe('ViewerOutbox', () => {
  test('drops everything that is too much, and asks for a greeting once the socket is free', () => {
    const box = setUp();
    block(box);
    box.outbox.send(big(VIEWER_QUEUE_HARD_BYTES, 'e'));
    expect(box.outbox.queuedBytes).toBe(VIEWER_QUEUE_HARD_BYTES);
    box.outbox.send(frame('more'));
    expect([box.outbox.queuedBytes, box.told.greetingsDue]).toEqual([0, 0]);
    box.outbox.send(frame('said before the greeting'));
    box.sink.drain();
    expect(box.told).toEqual({ greetingsDue: 1, tooSlow: 0 });
    box.outbox.greet(new LongFrames(['<hello>']));
    box.outbox.send(frame('after'));
    box.sink.drain();
    expect(box.sink.text().replaceAll('#', '')).toBe(`${textFrame('<hello>').toString('latin1')}after`);
  });

  test('loses no answer when it drops what is too much, nor one that is given before the greeting', () => {
    const box = setUp();
    block(box);
    box.outbox.send(answerFrames(Buffer.from('[no]')));
    box.outbox.send(big(VIEWER_QUEUE_HARD_BYTES, 'e'));
    expect([box.outbox.queuedBytes, box.dropped.queue]).toEqual([4, VIEWER_QUEUE_HARD_BYTES]);
    box.outbox.send(answerFrames(Buffer.from('[neither]')));
    for (let times = 0; times < 3; times += 1) box.sink.drain();
    expect(box.told).toEqual({ greetingsDue: 1, tooSlow: 0 });
    expect(box.sink.text().replaceAll('#', '')).toBe('[no][neither]');
  });

  test('does not count a greeting, and sends no second one before the first is gone', () => {
    const box = setUp();
    box.sink.isOpen = false;
    const parts = Array.from({ length: 3 * 1024 }, () => 'h'.repeat(1024));
    box.outbox.greet(new LongFrames([parts]));
    expect(box.sink.pendingBytes()).toBeLessThanOrEqual(256 * 1024);
    expect(box.outbox.queuedBytes).toBe(0);
    box.outbox.send(big(VIEWER_QUEUE_HARD_BYTES, 'e'));
    box.outbox.send(frame('too much'));
    box.sink.drain();
    expect(box.told.greetingsDue).toBe(0);
    for (let times = 0; times < 100; times += 1) box.sink.drain();
    expect(box.told.greetingsDue).toBe(1);
    expect(box.sink.text()).toBe(textFrame(parts.join('')).toString('latin1'));
  });

  test('gives up after three fresh greetings in a minute', () => {
    const box = setUp();
    const overflow = () => {
      block(box);
      box.outbox.send(big(VIEWER_QUEUE_HARD_BYTES));
      box.outbox.send(frame('x'));
      box.sink.drain();
      box.outbox.greet(new LongFrames(['h']));
      box.sink.drain();
    };
    for (let times = 0; times < 3; times += 1) overflow();
    expect(box.told).toEqual({ greetingsDue: 3, tooSlow: 0 });
    overflow();
    expect(box.told.tooSlow).toBe(1);
    box.pass(60_000);
    overflow();
    expect(box.told.tooSlow).toBe(1);
  });
});
