const MINUTE_MS = 60_000;

/** Counts what one peer gets wrong, so that an honest mistake is answered and a flood is ended. */
export class ErrorBudget {
  readonly #perMinute: number;
  #windowBeganMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** `perMinute` bad frames are forgiven in a minute: more than any mistake makes, less than a flood. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Notes one bad frame. Returns whether the peer has used up what it may get wrong. */
  spend(nowMs: number): boolean {
    if (nowMs - this.#windowBeganMs >= MINUTE_MS) {
      this.#windowBeganMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count > this.#perMinute;
  }
}
