import type { CancelTimer, Clock } from './clock.ts';

/** One timer for many deadlines: it rings at the earliest, and is not set anew for each that is added. */
export class WakeTimer {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #cancel: CancelTimer | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Makes sure that it rings at the earliest of these, in ms of the clock; those that are `undefined` are none. */
  wakeBy(...deadlinesMs: readonly (number | undefined)[]): void {
    let earliestMs = this.#wakesAtMs;
    for (const deadlineMs of deadlinesMs) {
      if (deadlineMs !== undefined && deadlineMs < earliestMs) earliestMs = deadlineMs;
    }
    if (earliestMs === this.#wakesAtMs) return;
    this.#cancel?.();
    this.#wakesAtMs = earliestMs;
    this.#cancel = this.#clock.after(earliestMs - this.#clock.nowMs(), () => {
      this.#forget();
      this.#ring();
    });
  }

  dispose(): void {
    this.#cancel?.();
    this.#forget();
  }

  #forget(): void {
    this.#cancel = undefined;
    this.#wakesAtMs = Number.POSITIVE_INFINITY;
  }
}
