/** How many bad frames one connection may send in a minute: more than any mistake, less than a flood. */
const ERRORS_PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** Counts what one peer gets wrong, so that an honest mistake is answered and a flood is ended. */
export class ErrorBudget {
  #windowBeganMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** Notes one bad frame. Returns whether the peer has used up what it may get wrong. */
  spend(nowMs: number): boolean {
    if (nowMs - this.#windowBeganMs >= MINUTE_MS) {
      this.#windowBeganMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count > ERRORS_PER_MINUTE;
  }
}
