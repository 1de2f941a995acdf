/** Once it has been too full, this share of the limit is to be left before it counts as clear again. */
const CLEAR_SHARE = 1 / 2;

/**
 * How much waits for all viewers together. Above its limit whoever brings more
 * is to wait: what comes in is then read no faster than it goes out, and nothing
 * is dropped for it.
 */
export class OutgoingQueue {
  readonly #maxBytes: number;
  #bytes = 0;
  #isFull = false;
  #waiting: (() => void)[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nobody should bring more, until it is clear. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** So many bytes wait more than before, or fewer if it is below 0. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) this.#isFull = true;
    else if (this.#isFull && this.#bytes <= this.#maxBytes * CLEAR_SHARE) this.#clear();
  }

  /** Runs something once it is not full; at once if it is not. */
  whenClear(run: () => void): void {
    if (this.#isFull) this.#waiting.push(run);
    else run();
  }

  #clear(): void {
    this.#isFull = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) this.whenClear(run);
  }
}
