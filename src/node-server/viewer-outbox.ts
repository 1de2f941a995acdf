import type { LongFrames } from './long-frames.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { OutgoingQueue } from './outgoing-queue.ts';
import { type Frames, lastingFrames } from './turn-batch.ts';

/** What an outbox asks of the socket it writes to. */
export interface ByteSink {
  /** Takes bytes; `written` is called once they have left this process. */
  write(bytes: Buffer, written: () => void): void;
  /** How many bytes were taken and have not left this process. */
  pendingBytes(): number;
}

/** How much may wait for one viewer. */
export type OutboxLimits = Pick<
  RelayLimits,
  'viewerQueueSoftBytes' | 'viewerQueueHardBytes' | 'viewerResyncsPerMinute'
>;

/** What slow viewers were not told, in bytes: tokens, and whole queues for which they were greeted afresh. */
export interface DroppedBytes {
  token: number;
  queue: number;
}

/** What stands around an outbox. */
export interface OutboxEnvironment {
  readonly limits: OutboxLimits;
  /** What waits for all viewers together. */
  readonly queue: Pick<OutgoingQueue, 'add'>;
  /** Where what a slow viewer does not get is counted. */
  readonly dropped: DroppedBytes;
  readonly sink: ByteSink;
  readonly nowMs: () => number;
  /** The queue was dropped and the socket is free again: {@link ViewerOutbox.greet} anew. */
  readonly onGreetingDue: () => void;
  /** The viewer has used up its fresh greetings. */
  readonly onTooSlow: () => void;
}

/**
 * How much is handed to the socket at once, in bytes. Enough to keep it busy;
 * what it holds can be neither dropped nor reordered any more.
 */
const SLICE_BYTES = 64 * 1024;
/** The same for a greeting, which nothing of can be dropped anyway: it may be very long, and is then quicker in longer pieces. */
const GREETING_SLICE_BYTES = 256 * 1024;
/**
 * How long a piece should take at most. Only whole pieces are seen to be taken: of a long one, a viewer on a slow line seems
 * to take nothing for as long as it lasts.
 */
const PIECE_MS = 1000;
/** The shortest piece, in bytes. */
const PIECE_MIN_BYTES = 4 * 1024;
const MINUTE_MS = 60_000;

/**
 * What waits for one viewer. It hands the socket no more than that takes, so
 * that a slow viewer costs bounded memory: above `viewerQueueSoftBytes` it gets
 * no tokens, above `viewerQueueHardBytes` its queue is dropped but for answers, and it is greeted
 * afresh once the socket is free, at most `viewerResyncsPerMinute` times a
 * minute. Greetings are not counted.
 */
export class ViewerOutbox {
  readonly #environment: OutboxEnvironment;
  #queue: Frames[] = [];
  #queuedBytes = 0;
  /** Whether tokens may be in the queue. */
  #mayHoldTokens = false;
  /** What is left of a slice, or of a frame that was longer than one. */
  #begun: Buffer | undefined;
  /** The greeting, while not all of it has been taken. */
  #greeting: LongFrames | undefined;
  /** The queue was dropped: all that is said to everyone before the next greeting would be said twice. */
  #awaitsGreeting = false;
  #greetedAfreshAtMs: number[] = [];
  /** As much as it took within {@link PIECE_MS} when it kept a piece waiting last. */
  #pieceBytes = GREETING_SLICE_BYTES;
  #lastProgressMs: number;
  #lastDrainMs: number;
  #isClosed = false;
  /** Told once no frame is left half written after it was closed. */
  #onWhole: (() => void) | undefined;

  constructor(environment: OutboxEnvironment) {
    this.#environment = environment;
    this.#lastProgressMs = environment.nowMs();
    this.#lastDrainMs = this.#lastProgressMs;
  }

  /** Bytes that wait here and may still be dropped. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Since when the viewer has taken nothing, in ms of the clock; `undefined` if nothing waits for it. */
  get stalledSinceMs(): number | undefined {
    return this.#environment.sink.pendingBytes() > 0 ? this.#lastProgressMs : undefined;
  }

  /** When the viewer last took something that it had kept waiting, in ms of the clock: a sign of life. */
  get lastDrainMs(): number {
    return this.#lastDrainMs;
  }

  /** Says the state of everything, as frames behind each other. All that is sent later goes on from there. */
  greet(greeting: LongFrames): void {
    if (this.#isClosed) return;
    this.#awaitsGreeting = false;
    this.#greeting = greeting;
    this.#pump();
  }

  /** Sends frames, in one write if the viewer keeps up. */
  send(frames: Frames): void {
    if (this.#isClosed || (this.#awaitsGreeting && frames.isAnswer !== true)) return;
    if (this.#isIdle() && frames.bytes.length <= SLICE_BYTES) {
      this.#write(frames.bytes);
      return;
    }
    this.#enqueue(frames);
    this.#pump();
    if (this.#queuedBytes > this.#environment.limits.viewerQueueHardBytes) this.#overflow();
  }

  /**
   * Ends it: drops what waits, and hands over the rest of what has been begun no faster than the viewer takes it. Then calls
   * `onWhole`: whatever is written to the socket next is a frame by itself.
   */
  close(onWhole: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onWhole = onWhole;
    this.#dropQueue();
    this.#pump();
  }

  /** The socket has ended: lets go of everything. */
  abandon(): void {
    this.#isClosed = true;
    this.#onWhole = undefined;
    this.#dropQueue();
    this.#begun = undefined;
    this.#greeting = undefined;
  }

  #hasBegun(): boolean {
    return this.#begun !== undefined || this.#greeting !== undefined;
  }

  #isIdle(): boolean {
    return !this.#hasBegun() && this.#queue.length === 0 && !this.#isSinkFull();
  }

  #isSinkFull(): boolean {
    return this.#environment.sink.pendingBytes() >= SLICE_BYTES;
  }

  #enqueue(frames: Frames): void {
    // What is handed on at once does not wait, however long it is: only who is slow does without.
    const isRoom = this.#queuedBytes + frames.bytes.length <= this.#environment.limits.viewerQueueSoftBytes;
    if (isRoom || this.#isIdle()) {
      this.#push(frames);
      this.#mayHoldTokens = true;
    } else {
      this.#environment.dropped.token += tokenBytes(frames);
      if (frames.withoutTokens.length === 0) return;
      this.#dropTokens();
      this.#push(lasting(frames));
    }
  }

  #push(frames: Frames): void {
    this.#queue.push(frames);
    this.#count(frames.bytes.length);
  }

  #count(bytes: number): void {
    this.#queuedBytes += bytes;
    this.#environment.queue.add(bytes);
  }

  #dropTokens(): void {
    if (!this.#mayHoldTokens) return;
    const queue = this.#queue;
    this.#dropQueue();
    for (const frames of queue) {
      this.#environment.dropped.token += tokenBytes(frames);
      if (frames.withoutTokens.length > 0) this.#push(lasting(frames));
    }
  }

  #dropQueue(): void {
    this.#queue = [];
    this.#count(-this.#queuedBytes);
    this.#mayHoldTokens = false;
  }

  #overflow(): void {
    const answers = this.#queue.filter(({ isAnswer }) => isAnswer);
    this.#environment.dropped.queue += this.#queuedBytes;
    this.#dropQueue();
    for (const frames of answers) this.#push(frames);
    this.#environment.dropped.queue -= this.#queuedBytes;
    this.#awaitsGreeting = true;
    const nowMs = this.#environment.nowMs();
    this.#greetedAfreshAtMs = this.#greetedAfreshAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#greetedAfreshAtMs.length >= this.#environment.limits.viewerResyncsPerMinute) {
      this.#environment.onTooSlow();
      return;
    }
    this.#greetedAfreshAtMs.push(nowMs);
    this.#pump();
  }

  #pump(): void {
    while (!this.#isSinkFull()) {
      const slice = this.#nextSlice();
      if (slice === undefined) break;
      this.#write(slice);
    }
    if (this.#hasBegun()) return;
    if (this.#isClosed) this.#endWhole();
    else if (this.#awaitsGreeting && this.#environment.sink.pendingBytes() === 0) this.#environment.onGreetingDue();
  }

  #endWhole(): void {
    const onWhole = this.#onWhole;
    this.#onWhole = undefined;
    onWhole?.();
  }

  #nextSlice(): Buffer | undefined {
    const greeting = this.#begun === undefined ? this.#nextOfGreeting() : undefined;
    const begun = greeting ?? this.#begun ?? this.#nextFrames();
    const size = Math.min(this.#pieceBytes, greeting === undefined ? SLICE_BYTES : GREETING_SLICE_BYTES);
    this.#begun = begun !== undefined && begun.length > size ? begun.subarray(size) : undefined;
    return begun?.subarray(0, size);
  }

  #nextOfGreeting(): Buffer | undefined {
    const bytes = this.#greeting?.take(GREETING_SLICE_BYTES);
    if (bytes === undefined) this.#greeting = undefined;
    return bytes;
  }

  /** As many entries of the queue as make a slice, at least one. */
  #nextFrames(): Buffer | undefined {
    let count = 0;
    let size = 0;
    for (const { bytes } of this.#queue) {
      if (count > 0 && size + bytes.length > SLICE_BYTES) break;
      count += 1;
      size += bytes.length;
    }
    if (count === 0) return undefined;
    const taken = this.#queue.splice(0, count);
    this.#count(-size);
    return taken.length === 1 ? taken[0]?.bytes : Buffer.concat(taken.map(({ bytes }) => bytes));
  }

  #write(bytes: Buffer): void {
    const { sink, nowMs } = this.#environment;
    if (sink.pendingBytes() === 0) this.#lastProgressMs = nowMs();
    const writtenAtMs = nowMs();
    let hadToWait = false;
    sink.write(bytes, () => {
      this.#lastProgressMs = nowMs();
      // What the machine takes into its own buffers at once says nothing about the other end.
      if (hadToWait) {
        this.#lastDrainMs = this.#lastProgressMs;
        this.#fitPieces((bytes.length / (this.#lastProgressMs - writtenAtMs)) * PIECE_MS);
      }
      this.#pump();
    });
    hadToWait = sink.pendingBytes() > 0;
  }

  #fitPieces(bytes: number): void {
    this.#pieceBytes = Math.max(PIECE_MIN_BYTES, Math.min(GREETING_SLICE_BYTES, Math.floor(bytes)));
  }
}

function lasting(frames: Frames): Frames {
  return frames.isAnswer === true ? frames : lastingFrames(frames.withoutTokens);
}

function tokenBytes({ bytes, withoutTokens }: Frames): number {
  return bytes.length - withoutTokens.length;
}
