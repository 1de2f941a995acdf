import type { IDBPDatabase } from 'idb';
import type { CacheIndex, CacheRecord, CacheStore, CacheWrite, Placed, Stretch } from './cache-store.ts';
import type { RostrumDatabase } from './rostrum-database.ts';
import type { WriteFence, Writing } from './write-fence.ts';

/** Keeps the cache in IndexedDB. */
export class IdbCacheStore implements CacheStore {
  readonly #database: IDBPDatabase<RostrumDatabase>;
  readonly #fence: WriteFence;

  constructor(database: IDBPDatabase<RostrumDatabase>, fence: WriteFence) {
    this.#database = database;
    this.#fence = fence;
  }

  async index(): Promise<CacheIndex> {
    const transaction = this.#database.transaction(['producers', 'runs', 'notes']);
    const notes = transaction.objectStore('notes');
    const [producers, runs, names, values] = await Promise.all([
      transaction.objectStore('producers').getAll(),
      transaction.objectStore('runs').getAll(),
      notes.getAllKeys(),
      notes.getAll(),
      transaction.done,
    ]);
    return { producers, runs, notes: new Map(names.map((name, index) => [name, values[index]])) };
  }

  async read(from: Placed, stretch: Stretch): Promise<readonly CacheRecord[]> {
    const transaction = this.#database.transaction(from);
    const range = rangeOf(stretch);
    const [keys, values] = await Promise.all([
      transaction.store.getAllKeys(range),
      transaction.store.getAll(range),
      transaction.done,
    ]);
    return keys.map((key, index) => ({ key, value: values[index] }));
  }

  async write(writes: readonly CacheWrite[], isStrict = false): Promise<void> {
    await this.#fence.write(
      (transaction) => Promise.all(writes.map((write) => carryOut(transaction, write))),
      isStrict ? 'strict' : 'relaxed',
    );
  }
}

async function carryOut(transaction: Writing, write: CacheWrite): Promise<unknown> {
  switch (write.kind) {
    case 'put':
      return transaction.objectStore(write.to).put(write.value, [...write.key]);
    case 'delete':
      return transaction.objectStore(write.from).delete([...write.key]);
    case 'clear':
      return transaction.objectStore(write.from).delete(rangeOf(write.stretch));
    case 'producer': {
      const producers = transaction.objectStore('producers');
      return write.value === undefined ? producers.delete([...write.key]) : producers.put(write.value, [...write.key]);
    }
    case 'note':
      return transaction.objectStore('notes').put(write.value, write.name);
  }
}

function rangeOf({ sourceId, producerId, from, to }: Stretch): IDBKeyRange {
  // An array sorts behind every number and text: no place is behind it.
  const end = to === undefined ? [sourceId, producerId, []] : [sourceId, producerId, ...to];
  return IDBKeyRange.bound([sourceId, producerId, ...from], end, false, true);
}
