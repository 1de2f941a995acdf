import { OutgoingQueue } from '../outgoing-queue.ts';
import { DEFAULT_LIMITS } from '../relay-limits.ts';
import { type Frames, lastingFrames } from '../turn-batch.ts';
import { ViewerOutbox } from '../viewer-outbox.ts';
import { FakeSink } from './fake-sink.ts';

/** An outbox, the socket that it writes to, and everything around it in the hands of the test. */
export function setUp() {
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

/** What a viewer is sent: this text as it is. */
export function frame(text: string, isToken = false): Frames {
  const bytes = Buffer.from(text);
  return isToken ? { bytes, withoutTokens: Buffer.alloc(0) } : lastingFrames(bytes);
}

/** The same, of so many letters. */
export const big = (size: number, letter = 'x', isToken = false) => frame(letter.repeat(size), isToken);

/** Fills the socket, so that everything that comes next has to wait. */
export function block({ sink, outbox }: ReturnType<typeof setUp>): void {
  sink.isOpen = false;
  outbox.send(big(64 * 1024, '#'));
}
