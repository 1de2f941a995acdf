/** Calls a timer off. Calling it twice, or after the timer rang, does nothing. */
export type CancelTimer = () => void;

/** The time and the timers of the place where the relay runs; tests pass one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Rings once, `delayMs` from now at the earliest. */
  after(delayMs: number, ring: () => void): CancelTimer;
}

/** What a timer of Node can wait at most, in milliseconds; a longer one would ring at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** The clock of this machine. Its timers keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, ring) => {
    const timer = setTimeout(ring, Math.min(Math.max(0, delayMs), TIMER_MAX_MS));
    return () => clearTimeout(timer);
  },
};
