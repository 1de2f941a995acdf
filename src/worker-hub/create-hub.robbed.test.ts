import { afterEach, expect, it } from 'vitest';
import type { CacheIndex, CacheStore, CacheWrite } from './cache/cache-store.ts';
import { FLUSH_INTERVAL_MS } from './cache/event-cache.ts';
import { STEAL_AFTER_MS } from './lifetime.ts';
import { ACTIVE_LOCK } from './other-hubs.ts';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { STARTED_EVENT } from './test-support/started-event.ts';
import { TestHub } from './test-support/test-hub.ts';

/** A lasting storage that only counts what is written; settings count as well. */
class CountingStore extends MemorySettingsStore {
  readonly writes: (readonly CacheWrite[])[] = [];
  sourcesPut = 0;
  /** What the next write waits for. */
  untilWritten: Promise<void> = Promise.resolve();
  readonly cache: CacheStore = {
    index: async (): Promise<CacheIndex> => ({ producers: [], runs: [], notes: new Map() }),
    read: async () => [],
    write: (writes) => {
      this.writes.push(writes);
      return this.untilWritten;
    },
  };

  override async putSource(): Promise<void> {
    this.sourcesPut += 1;
  }
}

/** Not `pass`, for which a tab's hub has to be there. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

const hubs: TestHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
});

/** A hub that was told of an event, and has not written it yet. */
async function startHub() {
  const store = new CountingStore();
  const hub = new TestHub({ openStore: async () => store });
  hubs.push(hub);
  const tab = await hub.openTab();
  await tab.hub.addSource('localhost:7400');
  while (hub.sockets.opened.length === 0) await hub.pass(0);
  hub.sockets.last.accept();
  hub.sockets.last.say({ type: 'hub_hello' });
  hub.sockets.last.say(STARTED_EVENT);
  expect(store.writes).toEqual([]);
  return { hub, tab, store };
}

/** The lock goes to another hub, as it does where this one was taken for dead. */
function rob(hub: TestHub): void {
  const thief = hub.locks.of('thief').request(ACTIVE_LOCK, { steal: true }, () => new Promise(() => undefined));
  thief.catch(() => undefined);
}

it('writes what it was told last where it ends by itself', async () => {
  const { hub, store } = await startHub();
  hub.hub.end();
  await settled();
  expect(store.writes.flat()).toContainEqual(expect.objectContaining({ kind: 'put', to: 'events' }));
});

it('writes nothing more where its lock was taken: the storage is that of another hub', async () => {
  const { hub, store } = await startHub();
  rob(hub);
  await settled();
  expect(hub.isClosed).toBe(true);
  hub.clock.advance(FLUSH_INTERVAL_MS);
  await settled();
  expect(store.writes).toEqual([]);
});

it('does and keeps nothing that it is told either, and says so, while a write that began before is not over', async () => {
  const { hub, tab, store } = await startHub();
  store.untilWritten = new Promise(() => undefined);
  await hub.pass(FLUSH_INTERVAL_MS);
  expect(store.writes).toHaveLength(1);
  const before = store.sourcesPut;
  rob(hub);
  await settled();
  await expect(tab.hub.addSource('localhost:7500')).rejects.toThrow('Try once more');
  await expect(tab.hub.decide({ review: 'r', decision: 'CONTINUE' })).rejects.toThrow('Try once more');
  expect(await tab.hub.status()).toMatchObject({ isActive: false });
  expect([store.writes.length, store.sourcesPut]).toEqual([1, before]);
  hub.clock.advance(STEAL_AFTER_MS);
  await settled();
  expect(hub.isClosed).toBe(true);
});
