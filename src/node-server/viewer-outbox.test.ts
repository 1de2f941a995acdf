import { describe, expect, test } from 'vitest';
import { VIEWER_QUEUE_HARD_BYTES, VIEWER_QUEUE_SOFT_BYTES } from '../protocol/wire/limits.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { LongFrames } from './long-frames.ts';
import { answerFrames, type Frames, lastingFrames } from './turn-batch.ts';
import { ViewerOutbox } from './viewer-outbox.ts';
import { textFrame } from './web-socket-frame.ts';

/** A socket that takes what it is given when the test says so. */
class FakeSink {
  readonly taken: Buffer[] = [];
  #pending: { size: number; written: () => void }[] = [];
  isOpen = true;

  write(bytes: Buffer, written: () => void): void {
    this.taken.push(bytes);
    if (this.isOpen) queueMicrotask(written);
    else this.#pending.push({ size: bytes.length, written });
  }

  pendingBytes(): number {
    return this.#pending.reduce((sum, { size }) => sum + size, 0);
  }

  /** Lets everything that it holds go, and what comes in answer to that, if it opens. */
  drain(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { written } of pending) written();
  }

  /** Lets the oldest piece that it holds go, and says how long that was; 0 if it holds none. */
  drainOne(takes: (bytes: number) => void): number {
    const piece = this.#pending[0];
    if (piece === undefined) return 0;
    takes(piece.size);
    this.#pending.shift();
    piece.written();
    return piece.size;
  }

  text(): string {
    return Buffer.concat(this.taken).toString('latin1');
  }
}

function setUp() {
  const sink = new FakeSink();
  let nowMs = 0;
  const told = { greetingsDue: 0, tooSlow: 0 };
  const queue = new OutgoingQueue(Number.POSITIVE_INFINITY);
  const dropped = { token: 0, queue: 0 };
  const outbox = new ViewerOutbox({
    limits: DEFAULT_LIMITS,
    queue,
    dropped,
    sink,
    nowMs: () => nowMs,
    onGreetingDue: () => {
      told.greetingsDue += 1;
    },
    onTooSlow: () => {
      told.tooSlow += 1;
    },
  });
  return {
    queue,
    dropped,
    sink,
    outbox,
    told,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

function frame(text: string, isToken = false): Frames {
  const bytes = Buffer.from(text);
  return isToken ? { bytes, withoutTokens: Buffer.alloc(0) } : lastingFrames(bytes);
}

const big = (size: number, letter = 'x', isToken = false) => frame(letter.repeat(size), isToken);

/** Fills the socket, so that everything that comes next has to wait. */
function block({ sink, outbox }: ReturnType<typeof setUp>): void {
  sink.isOpen = false;
  outbox.send(big(64 * 1024, '#'));
}

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

  test('leaves nothing behind in what waits for all when it ends', () => {
    const box = setUp();
    block(box);
    box.outbox.send(frame('a'));
    box.outbox.abandon();
    expect(box.queue.bytes).toBe(0);
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

  test('gives up on a viewer that goes on asking and takes no answer', () => {
    const box = setUp();
    block(box);
    for (let times = 0; times < 8; times += 1) box.outbox.send(answerFrames(Buffer.alloc(VIEWER_QUEUE_HARD_BYTES / 2)));
    expect(box.told.tooSlow).toBeGreaterThan(0);
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
