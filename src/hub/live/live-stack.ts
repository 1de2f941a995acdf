interface Layer<T> {
  readonly item: T;
  readonly below: Layer<T> | undefined;
}

/**
 * What has begun, newest on top. Those that have ended leave when they come to the top, so that finding the newest open one
 * costs the same however many there have been. A list of layers: most stacks hold one item, and there are thousands of them.
 */
export class LiveStack<T> {
  readonly #isOpen: (item: T) => boolean;
  #top: Layer<T> | undefined;

  /** `isOpen` tells whether one has not ended; what has ended must stay so. */
  constructor(isOpen: (item: T) => boolean) {
    this.#isOpen = isOpen;
  }

  /** Puts one that has just begun on top. */
  push(item: T): void {
    this.#top = { item, below: this.#top };
  }

  /** The newest that has not ended. */
  newest(): T | undefined {
    while (this.#top !== undefined && !this.#isOpen(this.#top.item)) this.#top = this.#top.below;
    return this.#top?.item;
  }
}
