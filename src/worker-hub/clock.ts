/** Calls a timer off. Calling it twice, or after the timer rang, does nothing. */
export type CancelTimer = () => void;

/** The time and the timers of the place where the hub runs; tests pass one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Rings once, `delayMs` from now at the earliest. */
  after(delayMs: number, ring: () => void): CancelTimer;
}
