import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { type IDBPDatabase, openDB } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FLUSH_INTERVAL_MS } from './cache/event-cache.ts';
import { STEAL_AFTER_MS } from './lifetime.ts';
import { DATABASE_NAME, DATABASE_VERSION } from './cache/rostrum-database.ts';
import { openIdbSettingsStore } from './settings/idb-settings-store.ts';
import { FakeChannels } from './test-support/fake-channels.ts';
import { FakeLocks } from './test-support/fake-locks.ts';
import type { FakeTab } from './test-support/fake-tab.ts';
import { openFirstLayout } from './test-support/first-layout.ts';
import { STARTED_EVENT } from './test-support/started-event.ts';
import { TestHub } from './test-support/test-hub.ts';

const SOURCE_ID = 'ws://localhost:7400/ws';

const hubs: TestHub[] = [];
const open: { close(): void }[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
  for (const database of open.splice(0)) database.close();
});

/** Version 1 of the layout with a source that is paused, and a store more if one is named. */
async function openFirst(unexpected?: string): Promise<IDBPDatabase> {
  const database = await openFirstLayout(unexpected);
  open.push(database);
  await database.put('sources', { id: SOURCE_ID, url: SOURCE_ID, order: 1, isPaused: true });
  return database;
}

/** A tab of a hub on the real storage, once the hub has read that or has given it up. */
async function openHub(openStore = openIdbSettingsStore): Promise<{ hub: TestHub; tab: FakeTab }> {
  const hub = new TestHub({ openStore });
  hubs.push(hub);
  const tab = await hub.openTab();
  await tab.open(1, { view: 'attention' });
  await tab.open(2, { view: 'history' });
  const isOpening = (): boolean => tab.view<'history'>(2)?.head.storage === 'opening';
  while (tab.view<'attention'>(1)?.head.ready !== true || isOpening()) await hub.pass(50);
  return { hub, tab };
}

async function facts(tab: FakeTab): Promise<object> {
  const attention = tab.view<'attention'>(1);
  const { storage } = await tab.hub.status();
  return {
    notices: attention?.head.notices.map(({ text }) => text),
    storage,
    history: tab.view<'history'>(2)?.head.storage,
    sources: Object.keys(attention?.entities.sources ?? {}),
  };
}

/** Whether a hub does without the storage what it does with it, until it ends. */
async function expectToGoOn(hub: TestHub, tab: FakeTab): Promise<void> {
  await tab.hub.addSource('localhost:7329');
  while (hub.sockets.opened.length === 0) await hub.pass(50);
  expect(hub.sockets.opened.map(({ url }) => url)).toEqual(['ws://localhost:7329/ws']);
}

it('finds in the newest layout what an older one held', async () => {
  (await openFirst()).close();
  const { tab } = await openHub();
  expect(await facts(tab)).toEqual({
    notices: [],
    storage: 'IndexedDB',
    history: 'lasting',
    sources: [SOURCE_ID],
  });
});

const IN_MEMORY = { storage: 'memory', history: 'memory', sources: [] };

it('goes on in memory where the storage cannot be brought up to date, and says so', async () => {
  (await openFirst('events')).close();
  const { hub, tab } = await openHub();
  expect(await facts(tab)).toEqual({
    ...IN_MEMORY,
    notices: [
      expect.stringMatching(/^The storage of this page could not be brought up to date \(.*\), and is left as it was:/),
    ],
  });
  await expectToGoOn(hub, tab);
});

it('goes on in memory where the storage is of a newer version, and says so', async () => {
  (await openDB(DATABASE_NAME, DATABASE_VERSION + 1)).close();
  const { hub, tab } = await openHub();
  expect(await facts(tab)).toEqual({
    ...IN_MEMORY,
    notices: [
      expect.stringMatching(/^The storage of this page was written by a newer version of it, .* reload this tab/),
    ],
  });
  await expectToGoOn(hub, tab);
});

it('goes on in memory where an older version holds the storage, and stays there when that one lets go', async () => {
  const older = await openFirst();
  const { hub, tab } = await openHub();
  const notices = [expect.stringMatching(/^Another tab with an older version of this page holds the storage:/)];
  expect(await facts(tab)).toEqual({ ...IN_MEMORY, notices });
  older.close();
  const next = await openDB(DATABASE_NAME, DATABASE_VERSION);
  open.push(next);
  await expectToGoOn(hub, tab);
  expect(await next.getAllKeys('sources')).toEqual([SOURCE_ID]);
  expect(await facts(tab)).toMatchObject({ storage: 'memory', notices });
});

it('goes on in memory where what is kept cannot be read, and says so', async () => {
  (await openFirst()).close();
  const { hub, tab } = await openHub(async (listener) => {
    const store = await openIdbSettingsStore(listener);
    if (store.cache !== undefined)
      store.cache.index = () => Promise.reject(new DOMException('Broken.', 'UnknownError'));
    return store;
  });
  expect(await facts(tab)).toEqual({
    notices: [expect.stringMatching(/^The history could not be read: UnknownError: Broken\./)],
    storage: 'IndexedDB',
    history: 'memory',
    sources: [SOURCE_ID],
  });
  await expectToGoOn(hub, tab);
});

it('holds to a limit that was set while the storage was still opening', async () => {
  let goOn = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const hub = new TestHub({
    openStore: async (listener) => {
      await gate;
      return openIdbSettingsStore(listener);
    },
  });
  hubs.push(hub);
  const tab = await hub.openTab();
  await tab.open(1, { view: 'history' });
  await tab.hub.saveSettings({ limits: { maxMegabytes: 7 } });
  goOn();
  await vi.waitFor(async () => {
    await hub.pass(50);
    expect(tab.view<'history'>(1)?.head).toMatchObject({ storage: 'lasting', limitBytes: 7 * 1024 * 1024 });
  });
});

it('writes nothing of a hub that was frozen while another one took over, when it thaws', async () => {
  const shared = { locks: new FakeLocks(), channels: new FakeChannels(), openStore: openIdbSettingsStore };
  const old = new TestHub({ ...shared, id: 'old' });
  const newer = new TestHub({ ...shared, id: 'new' });
  hubs.push(old, newer);
  const tab = await old.openTab('a', { builtAtMs: 1 });
  await tab.hub.addSource('localhost:7400');
  while (old.sockets.opened.length === 0) await old.pass(0);
  old.sockets.last.accept();
  old.sockets.last.say({ type: 'hub_hello' });
  old.sockets.last.say(STARTED_EVENT);
  shared.channels.freeze('old');
  shared.locks.freeze('old');
  const other = await newer.openTab('b', { builtAtMs: 2 });
  newer.clock.advance(STEAL_AFTER_MS);
  while ((await other.hub.status()).storage !== 'IndexedDB') await newer.pass(0);
  // Nobody has told the old one yet: its timer rings, and its tab wants something.
  void tab.hub.addSource('localhost:7500');
  old.clock.advance(FLUSH_INTERVAL_MS);
  await vi.waitFor(() => expect(old.isClosed).toBe(true));
  const raw = await openDB(DATABASE_NAME);
  open.push(raw);
  expect([await raw.count('events'), await raw.count('runs')]).toEqual([0, 0]);
  expect(await raw.getAllKeys('sources')).toEqual([SOURCE_ID]);
});
