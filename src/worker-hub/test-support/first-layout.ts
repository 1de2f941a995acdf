import { type IDBPDatabase, openDB } from 'idb';
import { DATABASE_NAME } from '../cache/rostrum-database.ts';

/** The database as version 1 of its layout had it, empty, and with one store more that nobody expects if one is named. */
export function openFirstLayout(unexpected?: string): Promise<IDBPDatabase> {
  return openDB(DATABASE_NAME, 1, {
    upgrade(made) {
      made.createObjectStore('sources', { keyPath: 'id' });
      made.createObjectStore('settings');
      if (unexpected !== undefined) made.createObjectStore(unexpected);
    },
  });
}
