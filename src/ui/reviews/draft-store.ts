import type { ReviewKey } from '../../protocol/tab/keys.ts';

/** The part of `localStorage` that drafts need. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'rostrum-draft ';
/** When a draft was written last, ms since the Unix epoch; apart from its text, which earlier versions read as it is. */
const WRITTEN = 'rostrum-draft-at ';

/** How many drafts are kept of reviews that are open no more, and for how long. */
const MOST_ENDED = 20;
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * The revised output that somebody has begun to write for a review: kept for all tabs, and across reloads and updates, until the review is decided.
 * Storage that is full or forbidden costs the draft its life across reloads, nothing else.
 */
export class DraftStore {
  readonly #storage: DraftStorage;
  readonly #now: () => number;

  constructor(storage: DraftStorage, now: () => number) {
    this.#storage = storage;
    this.#now = now;
  }

  read(review: ReviewKey): string | undefined {
    return this.#try(() => this.#storage.getItem(PREFIX + review)) ?? undefined;
  }

  write(review: ReviewKey, text: string): void {
    this.#try(() => this.#storage.setItem(PREFIX + review, text));
    this.#try(() => this.#storage.setItem(WRITTEN + review, String(this.#now())));
  }

  forget(review: ReviewKey): void {
    this.#try(() => this.#storage.removeItem(PREFIX + review));
    this.#try(() => this.#storage.removeItem(WRITTEN + review));
  }

  /** Lets go of what was written for reviews that ended elsewhere, and that nobody has come back for. */
  forgetOld(isOpen: (review: ReviewKey) => boolean): void {
    const ended = (this.#try(() => this.#reviews()) ?? [])
      .filter((review) => !isOpen(review))
      .map((review) => ({ review, atMs: this.#writtenAt(review) }))
      .sort((a, b) => b.atMs - a.atMs);
    const oldestMs = this.#now() - KEPT_MS;
    for (const [index, { review, atMs }] of ended.entries())
      if (index >= MOST_ENDED || atMs < oldestMs) this.forget(review);
  }

  #reviews(): ReviewKey[] {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? '');
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  /** An earlier version did not say when: it counts from now on. */
  #writtenAt(review: ReviewKey): number {
    const kept = Number(this.#try(() => this.#storage.getItem(WRITTEN + review)) ?? Number.NaN);
    if (Number.isFinite(kept)) return kept;
    this.#try(() => this.#storage.setItem(WRITTEN + review, String(this.#now())));
    return this.#now();
  }

  #try<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch {
      return undefined; // storage is full or forbidden: the text in the field is still there
    }
  }
}
