import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { PLACED } from './cache-store.ts';
import type { RostrumDatabase } from './rostrum-database.ts';

/** Under which name, in `notes`, the number of the hub is stored to which the storage belongs. */
const HOLDER_NOTE = 'holder';

const ALL = [...PLACED, 'producers', 'notes', 'sources', 'settings'] as const;

/** A transaction in which everything may be written. */
export type Writing = IDBPTransaction<RostrumDatabase, typeof ALL, 'readwrite'>;

/** The storage belongs to another hub: nothing was written. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';
}

/**
 * Keeps a hub that has lost the storage from writing to it. A hub that was frozen learns late that its lock was taken, but
 * each hub numbers itself when it opens the storage, one higher than the one before, and every transaction begins by reading
 * whose number is there: nothing of a hub is written once another has opened the storage.
 */
export class WriteFence {
  readonly #database: IDBPDatabase<RostrumDatabase>;
  readonly #isHolder: () => Promise<boolean>;
  #number: unknown;

  private constructor(database: IDBPDatabase<RostrumDatabase>, isHolder: () => Promise<boolean>) {
    this.#database = database;
    this.#isHolder = isHolder;
  }

  /** Makes the storage that of this hub. `isHolder` asks the browser whether the hub's lock is its own. */
  static async raise(database: IDBPDatabase<RostrumDatabase>, isHolder: () => Promise<boolean>): Promise<WriteFence> {
    const fence = new WriteFence(database, isHolder);
    await fence.#claim();
    return fence;
  }

  /**
   * Writes in one transaction: all of it or nothing. `work` may be called twice.
   *
   * @throws (rejects) with a {@link TakenOverError} when the storage belongs to another hub
   */
  async write(work: (transaction: Writing) => Promise<unknown>, durability: IDBTransactionDurability): Promise<void> {
    try {
      await this.#writeAsHolder(work, durability);
    } catch (error) {
      // Whoever was frozen while it opened the storage numbered itself after the hub to which that belongs.
      if (!(error instanceof TakenOverError) || !(await this.#isHolder())) throw error;
      await this.#claim();
      await this.#writeAsHolder(work, durability);
    }
  }

  async #writeAsHolder(work: (transaction: Writing) => Promise<unknown>, durability: IDBTransactionDurability) {
    const transaction = this.#database.transaction(ALL, 'readwrite', { durability });
    const { done } = transaction;
    // Awaited below, or aborted here: until then its end is nobody's uncaught error.
    done.catch(() => undefined);
    if ((await transaction.objectStore('notes').get(HOLDER_NOTE)) !== this.#number) {
      transaction.abort();
      throw new TakenOverError('another hub has taken it over');
    }
    await Promise.all([work(transaction), done]);
  }

  /** A storage that is full can still be read; its hub then shares the number of the one before. */
  async #claim(): Promise<void> {
    const { store, done } = this.#database.transaction('notes', 'readwrite');
    // Awaited below; that it may fail before is nobody's uncaught error.
    done.catch(() => undefined);
    const before = await store.get(HOLDER_NOTE);
    const number = typeof before === 'number' ? before + 1 : 1;
    try {
      await Promise.all([store.put(number, HOLDER_NOTE), done]);
      this.#number = number;
    } catch {
      this.#number = before;
    }
  }
}
