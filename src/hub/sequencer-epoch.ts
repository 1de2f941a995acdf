import { compareInstants, instantDifferenceMs, type Instant } from '../protocol/wire/instant.ts';
import { STAMP_SLACK_MS } from '../protocol/wire/limits.ts';
import { EpochNumbers } from './epoch-numbers.ts';
import { NumberRanges, type NumberRange } from './number-ranges.ts';

/** How many holes of one epoch are listed; older ones are only counted. */
const MAX_LISTED_HOLES = 4_096;

/** An event with its number in the life of its producer and the publisher's own stamp. */
export interface SequencedItem<T> {
  readonly sequence: number;
  readonly receivedAt: Instant;
  readonly payload: T;
  /** What keeping it costs while it waits; nothing unless it says so. */
  readonly bytes?: number;
}

/** How an event relates to one epoch. */
export type EpochVerdict = 'repeat' | 'fits' | 'foreign';

interface WaitingItem<T> {
  readonly item: SequencedItem<T>;
  readonly arrivedAtMs: number;
}

/**
 * What is known of one life of a process: its numbers, what waits for numbers
 * below it, and where it has holes. It decides nothing about other lives.
 */
export class SequencerEpoch<T> {
  readonly epoch: number;
  readonly numbers = new EpochNumbers();
  readonly missing = new NumberRanges(MAX_LISTED_HOLES);
  /** The highest number a snapshot that is being taken in has for this epoch; 0 outside of one. */
  snapshotHighest = 0;
  #waiting: WaitingItem<T>[] = [];
  #waitingSinceMs: number | undefined;
  #first: number | undefined;
  #next = 1;
  #beginsNaturally = false;
  /** The number behind the last snapshot: a hole that begins there is one of tokens that were sent before it. */
  #behindSnapshot: number | undefined;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  get hasBegun(): boolean {
    return this.#first !== undefined;
  }

  /** The lowest number given out. */
  get first(): number {
    return this.#first ?? 1;
  }

  /** The number above the highest given out. */
  get next(): number {
    return this.#next;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Since when the lowest hole is known, on the caller's clock; `undefined` if nothing waits. */
  get waitingSinceMs(): number | undefined {
    return this.#waitingSinceMs;
  }

  get lowestWaiting(): number | undefined {
    return this.#waiting[0]?.item.sequence;
  }

  /** Whether an event is here already, could be of this life, or cannot. */
  judge(sequence: number, receivedAt: Instant): EpochVerdict {
    const known = this.numbers.instantOf(sequence);
    if (known !== undefined) return compareInstants(known, receivedAt) === 0 ? 'repeat' : 'foreign';
    const forgotten = this.numbers.forgotten;
    if (forgotten !== undefined && this.#isForgotten(sequence)) {
      const isWithin =
        compareInstants(receivedAt, forgotten.earliest) >= 0 && compareInstants(receivedAt, forgotten.latest) <= 0;
      return isWithin ? 'repeat' : 'foreign';
    }
    const below = this.numbers.instantBelow(sequence);
    if (below !== undefined && instantDifferenceMs(below, receivedAt) > STAMP_SLACK_MS) return 'foreign';
    const above = this.numbers.instantAbove(sequence);
    const isTooLate = above !== undefined && instantDifferenceMs(receivedAt, above) > STAMP_SLACK_MS;
    return isTooLate ? 'foreign' : 'fits';
  }

  /** Whether this number has been seen in this life. */
  holds(sequence: number): boolean {
    return this.numbers.instantOf(sequence) !== undefined || this.#isForgotten(sequence);
  }

  /** Keeps an event until those below it are there. */
  wait(item: SequencedItem<T>, nowMs: number): void {
    const entry = { item, arrivedAtMs: nowMs };
    this.#waitingSinceMs = Math.min(this.#waitingSinceMs ?? nowMs, nowMs);
    const highest = this.#waiting.at(-1)?.item.sequence ?? 0;
    if (item.sequence > highest) this.#waiting.push(entry);
    else this.#waiting.splice(this.#waitingIndexFrom(item.sequence), 0, entry);
  }

  /** Nothing has waited since later than now: a clock that was set back would let it wait for as long as it was set back by. */
  boundWait(nowMs: number): void {
    if (this.#waitingSinceMs === undefined || this.#waitingSinceMs <= nowMs) return;
    this.#waitingSinceMs = nowMs;
    this.#waiting = this.#waiting.map(({ item }) => ({ item, arrivedAtMs: nowMs }));
  }

  /** Takes out what waits up to and with `sequence`, ascending. */
  takeThrough(sequence: number): SequencedItem<T>[] {
    return this.#takeFirst(this.#waitingIndexFrom(sequence + 1));
  }

  /** Takes out what waits without a hole before it, ascending. */
  takeContiguous(): SequencedItem<T>[] {
    let count = 0;
    while (this.#waiting[count]?.item.sequence === this.#next + count) count += 1;
    return this.#takeFirst(count);
  }

  /** This life begins with `first`; by a snapshot, what lies before it need not be explained. */
  begin(first: number, bySnapshot: boolean): void {
    this.#first = first;
    this.#next = first;
    this.#beginsNaturally = bySnapshot;
  }

  /** A snapshot has been taken in: what is live comes behind what has been given out by now. */
  endSnapshot(): void {
    this.snapshotHighest = 0;
    this.#behindSnapshot = this.#next;
  }

  /**
   * Declares what is expected before `sequence` missing. Returns that hole, if there is one. What lies right behind a snapshot is none:
   * tokens are never kept, so those that were sent before it are in no snapshot, and whoever joins in the middle of an answer never had them.
   */
  declareHoleBefore(sequence: number): NumberRange | undefined {
    const from = this.#next;
    if (from >= sequence) return undefined;
    this.#next = sequence;
    if (from === this.#behindSnapshot) return undefined;
    this.missing.add(from, sequence - 1);
    return [from, sequence - 1];
  }

  /**
   * Notes that an event is given out. Returns the hole that opens if it came
   * live, from before the beginning, and not from right before it.
   */
  passed(sequence: number, isLive: boolean): NumberRange | undefined {
    const first = this.first;
    this.#next = Math.max(this.#next, sequence + 1);
    if (sequence >= first) {
      this.missing.delete(sequence);
      return undefined;
    }
    this.#first = sequence;
    if (!isLive || this.#beginsNaturally || sequence + 1 === first) return undefined;
    this.missing.add(sequence + 1, first - 1);
    return [sequence + 1, first - 1];
  }

  #isForgotten(sequence: number): boolean {
    const forgotten = this.numbers.forgotten;
    const isWithin = forgotten !== undefined && forgotten.from <= sequence && sequence <= forgotten.to;
    return isWithin && !this.missing.has(sequence);
  }

  #takeFirst(count: number): SequencedItem<T>[] {
    if (count === 0) return [];
    const taken = this.#waiting.splice(0, count);
    this.#waitingSinceMs = this.#waiting.reduce<number | undefined>(
      (since, entry) => Math.min(since ?? entry.arrivedAtMs, entry.arrivedAtMs),
      undefined,
    );
    return taken.map((entry) => entry.item);
  }

  #waitingIndexFrom(sequence: number): number {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waiting[middle]?.item.sequence ?? Number.POSITIVE_INFINITY) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
