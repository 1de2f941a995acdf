import type { ReviewKey } from '../../protocol/tab/keys.ts';

/** The part of `localStorage` that drafts need. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'rostrum-draft ';

/**
 * The revised output that somebody has begun to write for a review: kept for all tabs, and across reloads and updates, until the review is decided.
 * Storage that is full or forbidden costs the draft its life across reloads, nothing else.
 */
export class DraftStore {
  readonly #storage: DraftStorage;

  constructor(storage: DraftStorage) {
    this.#storage = storage;
  }

  read(review: ReviewKey): string | undefined {
    return this.#try(() => this.#storage.getItem(PREFIX + review)) ?? undefined;
  }

  write(review: ReviewKey, text: string): void {
    this.#try(() => this.#storage.setItem(PREFIX + review, text));
  }

  forget(review: ReviewKey): void {
    this.#try(() => this.#storage.removeItem(PREFIX + review));
  }

  #try<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch {
      return undefined; // storage is full or forbidden: the text in the field is still there
    }
  }
}
