import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { describeSettingsStore } from '../test-support/settings-store-suite.ts';
import { DATABASE_NAME, DATABASE_VERSION } from '../cache/rostrum-database.ts';
import { openIdbSettingsStore } from './idb-settings-store.ts';

const A = { id: 'ws://a:7400/ws', url: 'ws://a:7400/ws', order: 1 };
const LOST = { onLost: (text: string) => lost.push(text), isHolder: async () => true };
const lost: string[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  lost.length = 0;
});

describeSettingsStore('IdbSettingsStore', () => openIdbSettingsStore(LOST));

describe('IdbSettingsStore', () => {
  it('finds everything again after a restart', async () => {
    const first = await openIdbSettingsStore(LOST);
    await first.putSource(A);
    await first.removeSource('ws://b:1/ws');
    await first.putSettings({ theme: 'dark' });
    first.close();
    const second = await openIdbSettingsStore(LOST);
    expect(await second.load()).toEqual({
      sources: [A],
      removed: new Set(['ws://b:1/ws']),
      settings: { theme: 'dark' },
    });
    second.close();
  });

  it('loses a damaged record alone', async () => {
    const first = await openIdbSettingsStore(LOST);
    await first.putSource(A);
    first.close();
    const raw = await openDB(DATABASE_NAME, DATABASE_VERSION);
    for (const record of [
      { id: 'x' },
      { id: 'y', url: 7, order: 1 },
      { id: 'z', url: 'javascript:alert(1)', order: 1 },
      { id: 'w', url: 'ws://w:1/ws', order: 1, name: {} },
    ]) {
      await raw.put('sources', record);
    }
    await raw.put('settings', { theme: 9 }, 'settings');
    await raw.put('settings', 'none', 'removed-sources');
    raw.close();
    const second = await openIdbSettingsStore(LOST);
    expect(await second.load()).toEqual({ sources: [A], removed: new Set(), settings: { theme: 'system' } });
    second.close();
  });

  it('is not opened where a newer version has been', async () => {
    (await openDB(DATABASE_NAME, DATABASE_VERSION + 1)).close();
    await expect(openIdbSettingsStore(LOST)).rejects.toMatchObject({ name: 'VersionError' });
  });

  it('makes way for a newer version at once, and says so', async () => {
    const store = await openIdbSettingsStore(LOST);
    const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
    expect(lost).toEqual([expect.stringContaining('newer version')]);
    await expect(store.load()).rejects.toThrow();
    newer.close();
  });

  it('says that an older version holds the storage', () => {
    const request = new IDBOpenDBRequest();
    vi.stubGlobal('indexedDB', { open: () => request });
    void openIdbSettingsStore(LOST);
    request.dispatchEvent(new IDBVersionChangeEvent('blocked', { oldVersion: 0, newVersion: DATABASE_VERSION }));
    expect(lost).toEqual([expect.stringContaining('older version')]);
  });

  it('says that the browser has closed the storage', async () => {
    const open = vi.spyOn(indexedDB, 'open');
    const store = await openIdbSettingsStore(LOST);
    const database: IDBDatabase = open.mock.results[0]?.value.result;
    database.dispatchEvent(new IDBVersionChangeEvent('close'));
    expect(lost).toEqual([expect.stringContaining('browser closed')]);
    store.close();
  });
});
