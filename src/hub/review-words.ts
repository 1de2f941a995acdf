import type { ReviewState as ReviewStateMessage } from '../protocol/wire/review-state.ts';

/** How many words may wait; a relay speaks of far fewer reviews that have not been announced. */
const WORDS_MAX = 1_000;

/** What a relay has said of reviews whose announcement has not come yet: it may wait for an earlier event. */
export class ReviewWords {
  readonly #words = new Map<string, ReviewStateMessage>();

  get size(): number {
    return this.#words.size;
  }

  has(producerId: string, reviewId: string): boolean {
    return this.#words.has(keyOf(producerId, reviewId));
  }

  put(message: ReviewStateMessage): void {
    const key = keyOf(message.producerId, message.reviewId);
    this.#words.delete(key);
    this.#words.set(key, message);
    for (const oldest of this.#words.keys()) {
      if (this.#words.size <= WORDS_MAX) return;
      this.#words.delete(oldest);
    }
  }

  take(producerId: string, reviewId: string): ReviewStateMessage | undefined {
    const key = keyOf(producerId, reviewId);
    const message = this.#words.get(key);
    this.#words.delete(key);
    return message;
  }

  /** Forgets the words about one producer. */
  forget(producerId: string): void {
    for (const [key, message] of this.#words) {
      if (message.producerId === producerId) this.#words.delete(key);
    }
  }
}

function keyOf(producerId: string, reviewId: string): string {
  return JSON.stringify([producerId, reviewId]);
}
