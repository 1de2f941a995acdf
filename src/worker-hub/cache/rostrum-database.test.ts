import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { type IDBPDatabase, openDB } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DATABASE_NAME, DATABASE_VERSION, openRostrumDatabase } from './rostrum-database.ts';
import { openFirstLayout } from '../test-support/first-layout.ts';

const SOURCE = { id: 'ws://a:7400/ws', url: 'ws://a:7400/ws', order: 1 };
const STORES = ['events', 'fillers', 'notes', 'producers', 'reviews', 'runs', 'settings', 'sources'];

const lost: string[] = [];
const open: { close(): void }[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  lost.length = 0;
});

afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

function openCurrent(): ReturnType<typeof openRostrumDatabase> {
  const opening = openRostrumDatabase({ onLost: (text) => lost.push(text) });
  void opening.then(
    (database) => open.push(database),
    () => undefined,
  );
  return opening;
}

/** A database as version 1 of its layout left it, and what came between: a store that nobody expects. */
async function openFirst(unexpected?: string): Promise<IDBPDatabase> {
  const database = await openFirstLayout(unexpected);
  open.push(database);
  await database.put('sources', SOURCE);
  await database.put('settings', { theme: 'dark' }, 'settings');
  return database;
}

async function contents(database: {
  getAll(name: 'sources' | 'settings'): Promise<unknown[]>;
}): Promise<readonly unknown[]> {
  return [...(await database.getAll('sources')), ...(await database.getAll('settings'))];
}

it('makes the newest layout where there is none', async () => {
  const database = await openCurrent();
  expect([...database.objectStoreNames]).toEqual(STORES);
  expect(database.version).toBe(DATABASE_VERSION);
});

it('brings version 1 up to date and keeps its sources and settings', async () => {
  (await openFirst()).close();
  const database = await openCurrent();
  expect([...database.objectStoreNames]).toEqual(STORES);
  expect(await contents(database)).toEqual([SOURCE, { theme: 'dark' }]);
  expect(lost).toEqual([]);
});

it('leaves a database as it was where bringing it up to date fails half-way, and says which step that was', async () => {
  (await openFirst('notes')).close();
  await expect(openCurrent()).rejects.toMatchObject({
    name: 'UpgradeError',
    message: expect.stringContaining('from version 1 to 2: ConstraintError'),
  });
  const before = await openDB(DATABASE_NAME);
  open.push(before);
  expect(before.version).toBe(1);
  expect([...before.objectStoreNames]).toEqual(['notes', 'settings', 'sources']);
  expect(await contents(before)).toEqual([SOURCE, { theme: 'dark' }]);
});

it('leaves a database of a newer layout as it is', async () => {
  const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1, {
    upgrade: (made) => void made.createObjectStore('later'),
  });
  await newer.put('later', 'kept', 1);
  newer.close();
  await expect(openCurrent()).rejects.toMatchObject({ name: 'VersionError' });
  const after = await openDB(DATABASE_NAME);
  open.push(after);
  expect([after.version, await after.get('later', 1)]).toEqual([DATABASE_VERSION + 1, 'kept']);
});

it('says that an older version holds the storage, and loses nothing when that one lets go', async () => {
  const older = await openFirst();
  const opening = openCurrent();
  await vi.waitFor(() => expect(lost).toEqual([expect.stringContaining('older version of this page')]));
  expect(await contents(older)).toEqual([SOURCE, { theme: 'dark' }]);
  older.close();
  expect(await contents(await opening)).toEqual([SOURCE, { theme: 'dark' }]);
});
