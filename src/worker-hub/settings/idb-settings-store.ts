import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';
import { canonicalAddress } from '../../protocol/wire/address.ts';
import { type Remembered, type SettingsStore, type StoredSource, readSettings } from './settings-store.ts';

/** Name of the database that holds what cannot be made again. It is migrated, never deleted by the program. */
export const DATABASE_NAME = 'rostrum';

/** Version of its layout. 1: `sources` by id, `settings` by name. */
export const DATABASE_VERSION = 1;

const SETTINGS_KEY = 'settings';
const REMOVED_KEY = 'removed-sources';

interface RostrumDatabase extends DBSchema {
  sources: { key: SourceId; value: StoredSource };
  settings: { key: string; value: unknown };
}

/** What the storage says by itself, each a sentence for the person. */
export interface IdbStoreListener {
  /** It is not to be used any more, for this reason. */
  readonly onLost: (text: string) => void;
}

/** Keeps sources and settings in IndexedDB. */
class IdbSettingsStore implements SettingsStore {
  readonly #database: IDBPDatabase<RostrumDatabase>;

  constructor(database: IDBPDatabase<RostrumDatabase>) {
    this.#database = database;
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
    await this.#database.put('settings', settings, SETTINGS_KEY);
  }

  close(): void {
    this.#database.close();
  }

  /** The list of sources and that of removed ones change together or not at all. */
  async #change(id: SourceId, { source }: { source?: StoredSource }): Promise<void> {
    const transaction = this.#database.transaction(['sources', 'settings'], 'readwrite');
    const sources = transaction.objectStore('sources');
    const settings = transaction.objectStore('settings');
    const removed = readRemoved(await settings.get(REMOVED_KEY));
    if (source === undefined) removed.add(id);
    else removed.delete(id);
    await Promise.all([
      source === undefined ? sources.delete(id) : sources.put(source),
      settings.put([...removed], REMOVED_KEY),
      transaction.done,
    ]);
  }
}

/**
 * Opens the database, making it where there is none.
 *
 * @throws (rejects) when it cannot be opened: no storage, a newer layout than this program knows, a damaged database
 */
export async function openIdbSettingsStore(listener: IdbStoreListener): Promise<SettingsStore> {
  const database = await openDB<RostrumDatabase>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade(upgraded, oldVersion) {
      if (oldVersion >= 1) return;
      upgraded.createObjectStore('sources', { keyPath: 'id' });
      upgraded.createObjectStore('settings');
    },
    blocked: () =>
      listener.onLost('Another tab with an older version of this page holds the storage: close or reload it.'),
    blocking(_currentVersion, _blockedVersion, event) {
      // Whoever waits is a newer version; to make it wait would block every tab.
      (event.target as IDBDatabase).close();
      listener.onLost('A newer version of this page has taken over the storage: reload this tab.');
    },
    terminated: () => listener.onLost('The browser closed the storage of this page: reload the tab to use it again.'),
  });
  return new IdbSettingsStore(database);
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
