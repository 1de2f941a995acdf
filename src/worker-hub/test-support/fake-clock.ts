import type { CancelTimer, Clock } from '../clock.ts';

interface Timer {
  dueMs: number;
  readonly order: number;
  readonly ring: () => void;
}

/** A clock that stands still until a test turns it on. Timers ring in the order in which they are due. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #nowMs: number;
  #order = 0;

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, ring: () => void): CancelTimer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: (this.#order += 1), ring };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and every timer ring that is due by then, those that are set meanwhile included. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.ring();
    }
    this.#nowMs = untilMs;
  }

  /** The clock is set to another time, or the computer sleeps for so long: every timer is as far away as before. */
  shift(byMs: number): void {
    this.#nowMs += byMs;
    for (const timer of this.#timers) timer.dueMs += byMs;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === undefined || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}
