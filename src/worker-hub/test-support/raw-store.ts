import { openDB } from 'idb';
import { DATABASE_NAME } from '../cache/rostrum-database.ts';

/** Looks at the storage past the cache, or changes it, as it lies there. */
export async function rawStore<T>(use: (database: Awaited<ReturnType<typeof openDB>>) => Promise<T>): Promise<T> {
  const database = await openDB(DATABASE_NAME);
  const result = await use(database);
  database.close();
  return result;
}
