import type { IDBPDatabase } from 'idb';
import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';
import { canonicalAddress } from '../../protocol/wire/address.ts';
import { IdbCacheStore } from '../cache/idb-cache-store.ts';
import { WriteFence } from '../cache/write-fence.ts';
import { type DatabaseListener, openRostrumDatabase, type RostrumDatabase } from '../cache/rostrum-database.ts';
import { type LastingStore, type Remembered, type StoredSource, readSettings } from './settings-store.ts';

const SETTINGS_KEY = 'settings';
const REMOVED_KEY = 'removed-sources';

/** Keeps sources and settings in IndexedDB. */
class IdbSettingsStore implements LastingStore {
  readonly cache: IdbCacheStore;
  readonly #database: IDBPDatabase<RostrumDatabase>;
  readonly #fence: WriteFence;

  constructor(database: IDBPDatabase<RostrumDatabase>, fence: WriteFence) {
    this.#database = database;
    this.#fence = fence;
    this.cache = new IdbCacheStore(database, fence);
  }

  async load(): Promise<Remembered> {
    const transaction = this.#database.transaction(['sources', 'settings']);
    const settings = transaction.objectStore('settings');
    const [sources, removed, saved] = await Promise.all([
      transaction.objectStore('sources').getAll(),
      settings.get(REMOVED_KEY),
      settings.get(SETTINGS_KEY),
      transaction.done,
    ]);
    const readable = sources.filter(isStoredSource).sort((a, b) => a.order - b.order);
    return { sources: readable, removed: readRemoved(removed), settings: readSettings(saved) };
  }

  async putSource(source: StoredSource): Promise<void> {
    await this.#change(source.id, { source });
  }

  async removeSource(id: SourceId): Promise<void> {
    await this.#change(id, {});
  }

  async putSettings(settings: Settings): Promise<void> {
    await this.#fence.write(
      (transaction) => transaction.objectStore('settings').put(settings, SETTINGS_KEY),
      'default',
    );
  }

  close(): void {
    this.#database.close();
  }

  /** The list of sources and that of removed ones change together or not at all. */
  async #change(id: SourceId, { source }: { source?: StoredSource }): Promise<void> {
    await this.#fence.write(async (transaction) => {
      const sources = transaction.objectStore('sources');
      const settings = transaction.objectStore('settings');
      const removed = readRemoved(await settings.get(REMOVED_KEY));
      if (source === undefined) removed.add(id);
      else removed.delete(id);
      await Promise.all([
        source === undefined ? sources.delete(id) : sources.put(source),
        settings.put([...removed], REMOVED_KEY),
      ]);
    }, 'default');
  }
}

/** What the storage asks and tells. */
export interface StorageListener extends DatabaseListener {
  /** Whether this hub holds its lock, asked of the browser. */
  readonly isHolder: () => Promise<boolean>;
}

/**
 * Opens what lasts: sources, settings and the cache of events. From then on it is this hub's, and no other one writes to it.
 *
 * @throws (rejects) when the database cannot be opened: see {@link openRostrumDatabase}
 */
export async function openIdbSettingsStore(listener: StorageListener): Promise<LastingStore> {
  const database = await openRostrumDatabase(listener);
  try {
    return new IdbSettingsStore(database, await WriteFence.raise(database, listener.isHolder));
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A record that is damaged, or of another program, costs itself alone. */
function isStoredSource(value: unknown): value is StoredSource {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value) || !('url' in value) || !('order' in value)) return false;
  if (typeof value.id !== 'string' || typeof value.url !== 'string' || typeof value.order !== 'number') return false;
  if ('isPaused' in value && typeof value.isPaused !== 'boolean') return false;
  return canonicalAddress(value.url).ok && (!('name' in value) || typeof value.name === 'string');
}

function readRemoved(value: unknown): Set<SourceId> {
  return new Set(Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []);
}
