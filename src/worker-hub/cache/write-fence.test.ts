import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import type { IDBPDatabase } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openRostrumDatabase, type RostrumDatabase } from './rostrum-database.ts';
import { WriteFence } from './write-fence.ts';

const open: IDBPDatabase<RostrumDatabase>[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const database of open.splice(0)) database.close();
});

interface Hub {
  isHolder: boolean;
  put(value: unknown): Promise<void>;
  settings(): Promise<unknown[]>;
}

/** A hub that opens the storage and writes settings, each in place of those before. */
async function openHub(): Promise<Hub> {
  const database = await openRostrumDatabase({ onLost: () => undefined });
  open.push(database);
  const hub = {
    isHolder: true,
    put: (value: unknown) =>
      fence.write((transaction) => transaction.objectStore('settings').put(value, 'settings'), 'relaxed'),
    settings: () => database.getAll('settings'),
  };
  const fence = await WriteFence.raise(database, async () => hub.isHolder);
  return hub;
}

it('lets a hub write for as long as no other one has opened the storage', async () => {
  const first = await openHub();
  await first.put('first');
  const second = await openHub();
  first.isHolder = false;
  await expect(first.put('late')).rejects.toMatchObject({ name: 'TakenOverError' });
  expect(await second.settings()).toEqual(['first']);
  await second.put('second');
  expect(await first.settings()).toEqual(['second']);
});

it('gives the storage back to the hub that holds the lock, where one without it opened it later', async () => {
  const holder = await openHub();
  const late = await openHub();
  late.isHolder = false;
  await holder.put('of the holder');
  await expect(late.put('late')).rejects.toMatchObject({ name: 'TakenOverError' });
  expect(await holder.settings()).toEqual(['of the holder']);
});

it('opens a storage that is too full to be numbered, for reading', async () => {
  await (await openHub()).put('kept');
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const hub = await openHub();
  expect(await hub.settings()).toEqual(['kept']);
  await expect(hub.put('more')).rejects.toMatchObject({ name: 'QuotaExceededError' });
});
