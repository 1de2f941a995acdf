/**
 * Whether a peer is still there, as far as its answers tell. Silence counts only
 * of one that was asked since it was heard last: nobody else owes an answer.
 */
export class LifeSigns {
  readonly #silenceLimitMs: number;
  #heardAtMs: number;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(silenceLimitMs: number, nowMs: number) {
    this.#silenceLimitMs = silenceLimitMs;
    this.#heardAtMs = nowMs;
  }

  /** It gave a sign of life at that time, in ms of the clock. */
  heard(atMs: number): void {
    this.#heardAtMs = Math.max(this.#heardAtMs, atMs);
  }

  /** It is asked for one now, and sees to an answer if it is there. */
  asked(nowMs: number): void {
    // It was not heard later than now: a clock that was set back would count its silence from then.
    this.#heardAtMs = Math.min(this.#heardAtMs, nowMs);
    this.#askedAtMs = nowMs;
  }

  /** Whether it has left a question open and been silent for as long as is allowed. */
  isGone(nowMs: number): boolean {
    return this.#heardAtMs < this.#askedAtMs && nowMs - this.#heardAtMs >= this.#silenceLimitMs;
  }
}
