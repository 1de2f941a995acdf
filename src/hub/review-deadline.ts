import type { Instant } from '../protocol/wire/instant.ts';

/** The last moment that a `Date` can name, in milliseconds since the Unix epoch. */
const LAST_DATE_MS = 8_640_000_000_000_000;

/** By which clock the time of reviews runs: an embedded dashboard stamps nothing, so there the arrival counts. */
export type DeadlineClock = 'publisher' | 'arrival';

/** When something was said. */
export interface ReviewTiming {
  /** As the publisher stamped it. */
  readonly receivedAt: Instant;
  /** As it arrived here, in milliseconds since the Unix epoch. */
  readonly arrivedAtMs: number;
}

/** The moment of an event that counts for a deadline, in milliseconds since the Unix epoch, with a fraction. */
export function ownTimeMs({ receivedAt, arrivedAtMs }: ReviewTiming, clock: DeadlineClock): number {
  return clock === 'arrival' ? arrivedAtMs : receivedAt.ms + receivedAt.ns / 1_000_000;
}

/**
 * When the process goes on by itself, in milliseconds since the Unix epoch, or
 * `undefined` if it waits without limit: a time-out of 0, or one that is no usable number.
 */
export function deadlineOf(timeoutMs: number, timing: ReviewTiming, clock: DeadlineClock): number | undefined {
  const deadlineMs = ownTimeMs(timing, clock) + timeoutMs;
  return timeoutMs > 0 && deadlineMs <= LAST_DATE_MS ? deadlineMs : undefined;
}

/**
 * What falls due when, without a timer of its own. `next` costs nothing while nothing
 * changes, so it may be asked after every event; after the earliest one was taken
 * away it looks through all of them once.
 */
export class DueTimes<Key> {
  readonly #dueMs = new Map<Key, number>();
  #nextMs: number | undefined;
  #isStale = false;

  get size(): number {
    return this.#dueMs.size;
  }

  set(key: Key, dueMs: number): void {
    if (this.#dueMs.get(key) === dueMs) return;
    this.delete(key);
    this.#dueMs.set(key, dueMs);
    if (!this.#isStale) this.#nextMs = Math.min(this.#nextMs ?? dueMs, dueMs);
  }

  delete(key: Key): void {
    const dueMs = this.#dueMs.get(key);
    if (dueMs === undefined) return;
    this.#dueMs.delete(key);
    if (dueMs === this.#nextMs) this.#isStale = true;
  }

  /** The earliest due time, in milliseconds since the Unix epoch; `undefined` if nothing is due ever. */
  next(): number | undefined {
    if (this.#isStale) {
      this.#nextMs = undefined;
      for (const dueMs of this.#dueMs.values()) this.#nextMs = Math.min(this.#nextMs ?? dueMs, dueMs);
      this.#isStale = false;
    }
    return this.#nextMs;
  }

  /** Takes out what is due at `nowMs`, the earliest first. */
  take(nowMs: number): Key[] {
    const nextMs = this.next();
    if (nextMs === undefined || nextMs > nowMs) return [];
    const due = [...this.#dueMs].filter(([, dueMs]) => dueMs <= nowMs).sort(([, a], [, b]) => a - b);
    for (const [key] of due) this.delete(key);
    return due.map(([key]) => key);
  }
}
