import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { SourceId } from '../../protocol/tab/keys.ts';
import type { StoredSource } from '../settings/settings-store.ts';
import type { PlaceKey } from './cache-store.ts';

/** Name of the database that holds what cannot be made again. It is migrated, never deleted by the program. */
export const DATABASE_NAME = 'rostrum';

/** Version of its layout. 1: `sources` by id, `settings` by name. 2: the cache of events. */
export const DATABASE_VERSION = 2;

type Key = (string | number)[] & PlaceKey;

/** What lies where. */
export interface RostrumDatabase extends DBSchema {
  sources: { key: SourceId; value: StoredSource };
  settings: { key: string; value: unknown };
  events: { key: Key; value: unknown };
  fillers: { key: Key; value: unknown };
  reviews: { key: Key; value: unknown };
  runs: { key: Key; value: unknown };
  producers: { key: [SourceId, string]; value: unknown };
  notes: { key: string; value: unknown };
}

/** What the storage says by itself, each a sentence for the person. */
export interface DatabaseListener {
  /** It is not to be used any more, for this reason. */
  readonly onLost: (text: string) => void;
}

/** The layout of the storage could not be brought up to date, and is as it was. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
}

/**
 * Opens the database, making it where there is none, and brings one of an older version up to date: all of it or nothing.
 *
 * @throws (rejects) when it cannot be opened: no storage, a newer layout than this program knows (`VersionError`), a damaged
 *   database, or an `UpgradeError`
 */
export async function openRostrumDatabase(listener: DatabaseListener): Promise<IDBPDatabase<RostrumDatabase>> {
  let failure: UpgradeError | undefined;
  const opening = openDB<RostrumDatabase>(DATABASE_NAME, DATABASE_VERSION, {
    upgrade(database, oldVersion, ...[, transaction]) {
      // Without this the end of a failed upgrade would be reported as an error that nobody has caught.
      transaction.done.catch((error: unknown) => (failure ??= upgradeError(oldVersion, error)));
      try {
        migrate(database, oldVersion);
      } catch (error) {
        failure = upgradeError(oldVersion, error);
        transaction.abort();
      }
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
  return opening.catch((error: unknown) => {
    throw failure ?? error;
  });
}

function migrate(database: IDBPDatabase<RostrumDatabase>, oldVersion: number): void {
  if (oldVersion < 1) {
    database.createObjectStore('sources', { keyPath: 'id' });
    database.createObjectStore('settings');
  }
  if (oldVersion < 2) {
    for (const name of ['events', 'fillers', 'reviews', 'runs', 'producers', 'notes'] as const) {
      database.createObjectStore(name);
    }
  }
}

function upgradeError(oldVersion: number, cause: unknown): UpgradeError {
  const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new UpgradeError(`from version ${oldVersion} to ${DATABASE_VERSION}: ${what}`, { cause });
}
