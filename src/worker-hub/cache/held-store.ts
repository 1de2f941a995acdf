import type { CacheStore, CacheWrite } from './cache-store.ts';
import { isQuotaError } from './cache-words.ts';

/** Whom a held store asks and tells. */
export interface HeldStoreOptions {
  /** The storage is full: what to let go of, as little as helps. */
  readonly makeRoom: () => readonly CacheWrite[];
  /** What did not fit at first is written now. */
  readonly onRoomMade: () => void;
  /** A write has failed for good. */
  readonly onFailed: (error: unknown) => void;
}

/** The storage, for as long as the hub may use it. Once that is over it stays over, whatever was under way. */
export class HeldStore {
  readonly #options: HeldStoreOptions;
  #store: CacheStore | undefined;
  #isOver = false;

  constructor(options: HeldStoreOptions) {
    this.#options = options;
  }

  /** What is to be read from; `undefined` while there is none, and when it may not be used any more. */
  get store(): CacheStore | undefined {
    return this.#store;
  }

  /** Whether it may not be used any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes the storage into use. */
  hold(store: CacheStore): void {
    if (!this.#isOver) this.#store = store;
  }

  /** Nothing is written from now on. */
  letGo(): void {
    this.#isOver = true;
    this.#store = undefined;
  }

  /** Writes all of it or nothing. Never rejects. */
  async write(writes: readonly CacheWrite[], isStrict = false): Promise<void> {
    const store = this.#store;
    if (store === undefined || writes.length === 0) return;
    try {
      await store.write(writes, isStrict).catch((error: unknown) => this.#writeAgain(writes, isStrict, error));
    } catch (error) {
      this.#options.onFailed(error);
    }
  }

  /** A storage that is full may take it when there is more room. */
  async #writeAgain(writes: readonly CacheWrite[], isStrict: boolean, error: unknown): Promise<void> {
    if (!isQuotaError(error)) throw error;
    const { makeRoom, onRoomMade } = this.#options;
    // Each write waits, and meanwhile another hub may have taken over the storage.
    if (this.#store === undefined) return;
    await this.#store.write(makeRoom());
    if (this.#isOver) return;
    await this.#store.write(writes, isStrict);
    if (!this.#isOver) onRoomMade();
  }
}
