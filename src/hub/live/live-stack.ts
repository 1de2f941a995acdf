/**
 * What has begun, newest on top. Those that have ended leave when they come to the top, so that finding the newest open one
 * costs the same however many there have been.
 */
export class LiveStack<T> {
  readonly #items: T[] = [];
  readonly #isOpen: (item: T) => boolean;

  /** `isOpen` tells whether one has not ended; what has ended must stay so. */
  constructor(isOpen: (item: T) => boolean) {
    this.#isOpen = isOpen;
  }

  /** Puts one that has just begun on top. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** The newest that has not ended. */
  newest(): T | undefined {
    for (;;) {
      const top = this.#items.at(-1);
      if (top === undefined || this.#isOpen(top)) return top;
      this.#items.pop();
    }
  }
}
