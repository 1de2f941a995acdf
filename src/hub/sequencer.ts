import { REORDER_WINDOW_EVENTS, REORDER_WINDOW_MS } from '../protocol/wire/limits.ts';
import type { Instant } from '../protocol/wire/instant.ts';
import type { NumberRange } from './number-ranges.ts';
import { SequencerEpoch, type SequencedItem } from './sequencer-epoch.ts';

export type { SequencedItem } from './sequencer-epoch.ts';

/** How many sequence numbers of a producer are known exactly: 20 bytes each. */
const MAX_NUMBERS = 65_536;

/** How many lives of a producer are told apart; the oldest is forgotten first. */
const MAX_EPOCHS = 64;

/** What {@link Sequencer} hands on. `epoch` counts the lives of the process from 1, in the order they were seen. */
export type SequencerOutput<T> =
  /** A life begins; `firstSequence - 1` events of it were before our time. Older lives never begin later. */
  | { readonly kind: 'epoch'; readonly epoch: number; readonly firstSequence: number }
  /** `late` = something that comes after it (a higher number of its life, or a newer life) was handed on before it. */
  | { readonly kind: 'event'; readonly epoch: number; readonly item: SequencedItem<T>; readonly late: boolean }
  /** These did not come. If one does after all, it comes as a late event, and is no longer missing. */
  | { readonly kind: 'hole'; readonly epoch: number; readonly from: number; readonly to: number }
  /** Was here before and is dropped. */
  | { readonly kind: 'repeat'; readonly item: SequencedItem<T> };

/** A number of a life and when it was stamped, without its event. */
export type KnownNumber = Pick<SequencedItem<unknown>, 'sequence' | 'receivedAt'>;

/** One life as a cache knows it. Without `firstSequence` it began with its lowest number. */
export interface KnownLife {
  readonly epoch: number;
  readonly firstSequence?: number;
  readonly numbers: readonly KnownNumber[];
  readonly missing?: readonly NumberRange[];
}

/** What is known of the completeness of one life. */
export interface EpochSummary {
  readonly epoch: number;
  /** How many came before the first that was seen: before our time, not lost. */
  readonly notSeen: number;
  /** The declared holes, ascending; only the newest few thousand are listed. */
  readonly missing: readonly NumberRange[];
  /** How many events are missing, those of holes that are no longer listed included. */
  readonly missingCount: number;
}

/** Bounds of a {@link Sequencer}; each has a default. */
export interface SequencerOptions {
  readonly windowEvents?: number;
  /** What the events that wait may cost together; without limit unless told. */
  readonly windowBytes?: number;
  readonly windowMs?: number;
  readonly maxNumbers?: number;
  readonly maxEpochs?: number;
}

/**
 * Puts the events of one producer in order, whatever order they come in, and
 * tells one life of its process from the next (docs/architecture.md, Identity).
 *
 * Every event that goes in comes out exactly once: at once if it is the next of
 * its life, else when those before it are there or have been declared missing
 * (after 500 ms, or when more than 256 wait, or more than may wait in bytes), or
 * as a `repeat`. It has no timer: call {@link Sequencer.flush} at
 * {@link Sequencer.nextDeadlineMs}.
 *
 * Memory is bounded. Beyond 65,536 numbers the oldest numbers become one
 * range per life: an event within that range, in number and in time, counts as a
 * repeat, unless it was declared missing. Beyond 64 lives the oldest
 * life is forgotten: a repeat of its events would begin a new one.
 */
export class Sequencer<T> {
  readonly #windowEvents: number;
  readonly #windowBytes: number;
  readonly #windowMs: number;
  readonly #maxNumbers: number;
  readonly #maxEpochs: number;
  readonly #epochs: SequencerEpoch<T>[] = [];
  #nextEpoch = 1;
  #newestBegun = 0;
  #waitingCount = 0;
  #waitingBytes = 0;
  #numberCount = 0;

  constructor(options: SequencerOptions = {}) {
    this.#windowEvents = options.windowEvents ?? REORDER_WINDOW_EVENTS;
    this.#windowBytes = options.windowBytes ?? Number.POSITIVE_INFINITY;
    this.#windowMs = options.windowMs ?? REORDER_WINDOW_MS;
    this.#maxNumbers = options.maxNumbers ?? MAX_NUMBERS;
    this.#maxEpochs = options.maxEpochs ?? MAX_EPOCHS;
  }

  /** How many events wait for earlier ones. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  /** What they cost together. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Takes in one live event. Also hands on what has waited long enough at `nowMs`. */
  accept(item: SequencedItem<T>, nowMs: number): SequencerOutput<T>[] {
    const out: SequencerOutput<T>[] = [];
    const { epoch, isRepeat } = this.#place(item, out);
    if (isRepeat) out.push({ kind: 'repeat', item });
    else if (!epoch.hasBegun && item.sequence > 1) this.#wait(epoch, item, nowMs);
    else if (item.sequence > epoch.next) this.#wait(epoch, item, nowMs);
    else {
      if (!epoch.hasBegun) this.#begin(epoch, item.sequence, out);
      this.#give(epoch, item, out);
      this.#giveContiguous(epoch, out);
    }
    this.#releaseExcess(out);
    this.#releaseOverdue(nowMs, out);
    return out;
  }

  /**
   * Takes in what a snapshot holds, in its order. A snapshot has holes by nature
   * (tokens are never kept), so none is declared inside of it, between it and
   * what was known before, or between it and the first live event behind it: the
   * next number expected is its highest + 1, and if another comes first, what lies
   * between was sent before the snapshot was taken.
   */
  acceptSnapshot(items: readonly SequencedItem<T>[], nowMs: number): SequencerOutput<T>[] {
    const out: SequencerOutput<T>[] = [];
    for (const item of items) {
      const { epoch, isRepeat } = this.#place(item, out);
      epoch.snapshotHighest = Math.max(epoch.snapshotHighest, item.sequence);
      if (isRepeat) out.push({ kind: 'repeat', item });
      else this.#wait(epoch, item, nowMs);
    }
    for (const epoch of this.#epochs) this.#settleSnapshot(epoch, out);
    this.#releaseExcess(out);
    this.#releaseOverdue(nowMs, out);
    return out;
  }

  /** Hands on what has waited long enough at `nowMs`, and declares the holes before it. */
  flush(nowMs: number): SequencerOutput<T>[] {
    const out: SequencerOutput<T>[] = [];
    this.#releaseOverdue(nowMs, out);
    return out;
  }

  /** When {@link Sequencer.flush} has something to do, on the clock of `nowMs`; `undefined` if nothing waits. */
  nextDeadlineMs(): number | undefined {
    const longest = this.#longestWaiting();
    return longest?.waitingSinceMs === undefined ? undefined : longest.waitingSinceMs + this.#windowMs;
  }

  /** The lives that have begun, oldest first. */
  epochs(): readonly EpochSummary[] {
    return this.#epochs
      .filter((epoch) => epoch.hasBegun)
      .map((epoch) => ({
        epoch: epoch.epoch,
        notSeen: epoch.first - 1,
        missing: epoch.missing.list(),
        missingCount: epoch.missing.count,
      }));
  }

  /**
   * Makes events known that were handed on in an earlier life of the hub and
   * come from its cache, and the holes that it had declared, ascending; nothing
   * is handed on again. For an empty sequencer, oldest epoch first, each once.
   * What lies right behind them is no hole: tokens need not have been stored.
   */
  restore({ epoch: epochNumber, firstSequence, numbers, missing = [] }: KnownLife): void {
    if (numbers.length === 0) return;
    const epoch = new SequencerEpoch<T>(epochNumber);
    const lowest = numbers.reduce((least, item) => Math.min(least, item.sequence), Number.MAX_SAFE_INTEGER);
    epoch.begin(Math.min(lowest, firstSequence ?? lowest), true);
    for (const item of numbers) {
      if (epoch.holds(item.sequence)) continue;
      this.#learn(epoch, item.sequence, item.receivedAt);
      epoch.passed(item.sequence, false);
    }
    for (const [from, to] of missing) epoch.missing.add(from, to);
    epoch.endSnapshot();
    this.#epochs.push(epoch);
    this.#newestBegun = epochNumber;
    this.#nextEpoch = epochNumber + 1;
    this.#boundEpochs([]);
  }

  /** The life an event is of: one that has it, else the one it fits best, else a new one. */
  #place(item: SequencedItem<T>, out: SequencerOutput<T>[]): { epoch: SequencerEpoch<T>; isRepeat: boolean } {
    let best: SequencerEpoch<T> | undefined;
    let isBestAdjacent = false;
    for (let index = this.#epochs.length - 1; index >= 0; index -= 1) {
      const epoch = this.#epochs[index];
      if (epoch === undefined) continue;
      const verdict = epoch.judge(item.sequence, item.receivedAt);
      if (verdict === 'repeat') return { epoch, isRepeat: true };
      if (verdict !== 'fits' || isBestAdjacent) continue;
      isBestAdjacent = epoch.holds(item.sequence - 1);
      if (isBestAdjacent || best === undefined) best = epoch;
    }
    const epoch = best ?? this.#newEpoch(out);
    this.#learn(epoch, item.sequence, item.receivedAt);
    return { epoch, isRepeat: false };
  }

  #newEpoch(out: SequencerOutput<T>[]): SequencerEpoch<T> {
    const epoch = new SequencerEpoch<T>(this.#nextEpoch);
    this.#nextEpoch += 1;
    this.#epochs.push(epoch);
    this.#boundEpochs(out);
    return epoch;
  }

  #boundEpochs(out: SequencerOutput<T>[]): void {
    if (this.#epochs.length <= this.#maxEpochs) return;
    const oldest = this.#epochs[0];
    if (oldest === undefined) return;
    this.#settleSnapshot(oldest, out);
    this.#releaseAll(oldest, out);
    this.#epochs.shift();
    this.#numberCount -= oldest.numbers.size;
  }

  #learn(epoch: SequencerEpoch<T>, sequence: number, receivedAt: Instant): void {
    epoch.numbers.add(sequence, receivedAt);
    this.#numberCount += 1;
    if (this.#numberCount <= this.#maxNumbers) return;
    const oldest = this.#epochs.find((candidate) => candidate.numbers.size > 0) ?? epoch;
    this.#numberCount -= oldest.numbers.forgetOldest();
  }

  #wait(epoch: SequencerEpoch<T>, item: SequencedItem<T>, nowMs: number): void {
    epoch.wait(item, nowMs);
    this.#waitingCount += 1;
    this.#waitingBytes += item.bytes ?? 0;
  }

  #begin(epoch: SequencerEpoch<T>, first: number, out: SequencerOutput<T>[]): void {
    for (const older of this.#epochs) {
      if (older.epoch < epoch.epoch) this.#releaseAll(older, out);
    }
    epoch.begin(first, epoch.snapshotHighest > 0);
    this.#newestBegun = Math.max(this.#newestBegun, epoch.epoch);
    out.push({ kind: 'epoch', epoch: epoch.epoch, firstSequence: first });
  }

  #give(epoch: SequencerEpoch<T>, item: SequencedItem<T>, out: SequencerOutput<T>[]): void {
    const late = item.sequence < epoch.next || epoch.epoch < this.#newestBegun;
    const hole = epoch.passed(item.sequence, epoch.snapshotHighest === 0);
    out.push({ kind: 'event', epoch: epoch.epoch, item, late });
    if (hole !== undefined) out.push({ kind: 'hole', epoch: epoch.epoch, from: hole[0], to: hole[1] });
  }

  #giveContiguous(epoch: SequencerEpoch<T>, out: SequencerOutput<T>[]): void {
    if (epoch.waitingCount > 0) this.#giveTaken(epoch, epoch.takeContiguous(), out);
  }

  #giveTaken(epoch: SequencerEpoch<T>, items: readonly SequencedItem<T>[], out: SequencerOutput<T>[]): void {
    this.#waitingCount -= items.length;
    for (const item of items) {
      this.#waitingBytes -= item.bytes ?? 0;
      this.#give(epoch, item, out);
    }
  }

  #settleSnapshot(epoch: SequencerEpoch<T>, out: SequencerOutput<T>[]): void {
    if (epoch.snapshotHighest === 0) return;
    const lowest = epoch.lowestWaiting;
    if (!epoch.hasBegun && lowest !== undefined) this.#begin(epoch, lowest, out);
    this.#giveTaken(epoch, epoch.takeThrough(epoch.snapshotHighest), out);
    epoch.endSnapshot();
    this.#giveContiguous(epoch, out);
  }

  /** Begins the epoch with what waits lowest, or declares the hole before that. */
  #releaseLowest(epoch: SequencerEpoch<T>, out: SequencerOutput<T>[]): void {
    const lowest = epoch.lowestWaiting;
    if (lowest === undefined) return;
    if (!epoch.hasBegun) this.#begin(epoch, lowest, out);
    const hole = epoch.declareHoleBefore(lowest);
    if (hole !== undefined) out.push({ kind: 'hole', epoch: epoch.epoch, from: hole[0], to: hole[1] });
    this.#giveContiguous(epoch, out);
  }

  #releaseAll(epoch: SequencerEpoch<T>, out: SequencerOutput<T>[]): void {
    while (epoch.waitingCount > 0) this.#releaseLowest(epoch, out);
  }

  #releaseExcess(out: SequencerOutput<T>[]): void {
    while (this.#waitingCount > this.#windowEvents || this.#waitingBytes > this.#windowBytes) {
      this.#releaseLongestWaiting(out);
    }
  }

  #releaseLongestWaiting(out: SequencerOutput<T>[]): void {
    const longest = this.#longestWaiting();
    if (longest !== undefined) this.#releaseLowest(longest, out);
  }

  #releaseOverdue(nowMs: number, out: SequencerOutput<T>[]): void {
    if (this.#waitingCount > 0) for (const epoch of this.#epochs) epoch.boundWait(nowMs);
    let longest = this.#longestWaiting();
    while (longest?.waitingSinceMs !== undefined && longest.waitingSinceMs + this.#windowMs <= nowMs) {
      this.#releaseLowest(longest, out);
      longest = this.#longestWaiting();
    }
  }

  #longestWaiting(): SequencerEpoch<T> | undefined {
    if (this.#waitingCount === 0) return undefined;
    let longest: SequencerEpoch<T> | undefined;
    for (const epoch of this.#epochs) {
      if (epoch.waitingSinceMs === undefined) continue;
      if (longest?.waitingSinceMs === undefined || epoch.waitingSinceMs < longest.waitingSinceMs) longest = epoch;
    }
    return longest;
  }
}
