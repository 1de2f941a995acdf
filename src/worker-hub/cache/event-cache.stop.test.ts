import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import { CachedHub, openStores } from '../test-support/cached-hub.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { FLUSH_INTERVAL_MS } from './event-cache.ts';

const PRODUCER = { producerId: 'svc', serviceName: 'news' };
const HELLO = { type: 'hub_hello', producers: [PRODUCER], snapshotTrace: [] };

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

function started(sequence: number): object {
  const receivedAt = new Date(START_MS + sequence * 1000).toISOString();
  const message = { type: 'ensemble_started', ensembleId: `run-${sequence}`, startedAt: receivedAt, totalTasks: 1 };
  return { type: 'event', producer: PRODUCER, sequence, receivedAt, message };
}

/** Something that waits until it is told to go on. */
function createGate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

/** Leaves a run in the storage, as an earlier hub does. */
async function leaveRun(): Promise<void> {
  const hub = await new CachedHub().start();
  hub.connect();
  hub.receive(HELLO);
  hub.receive(started(1));
  await hub.cache.flush();
  hub.cut();
}

/** A storage in which something waits, and what was written to it. */
function watched(store: CacheStore, change: Partial<CacheStore>): { store: CacheStore; writes: CacheWrite[][] } {
  const writes: CacheWrite[][] = [];
  const write = async (list: readonly CacheWrite[], isStrict?: boolean): Promise<void> => {
    writes.push([...list]);
    await (change.write ?? ((all, strictly) => store.write(all, strictly)))(list, isStrict);
  };
  const { index = () => store.index(), read = (from, stretch) => store.read(from, stretch) } = change;
  return { store: { index, read, write }, writes };
}

/** Everything that a hub may want of its storage. */
async function wantEverything(hub: CachedHub): Promise<void> {
  hub.connect();
  hub.receive(HELLO);
  hub.receive(started(2));
  hub.clock.advance(FLUSH_INTERVAL_MS);
  for (const { id } of hub.history()) {
    hub.cache.pin(id, true);
    await hub.cache.delete([id]);
    expect(await hub.cache.open(id)).toBeUndefined();
  }
  hub.cache.limit({ maxRuns: 1 });
  await hub.cache.flush();
}

describe('a cache that was stopped', () => {
  test.each(['index', 'read'] as const)('while it was loading, at its %s, stays stopped', async (step) => {
    await leaveRun();
    const gate = createGate();
    const reached = createGate();
    let writes: CacheWrite[][] = [];
    const hub = new CachedHub({ startMs: START_MS + 60_000 });
    const loading = hub.start([SOURCE], (real) => {
      const waiting = async <T>(then: Promise<T>): Promise<T> => {
        reached.open();
        await gate.passed;
        return then;
      };
      const slow = watched(
        real,
        step === 'index'
          ? { index: () => waiting(real.index()) }
          : { read: (from, stretch) => waiting(real.read(from, stretch)) },
      );
      writes = slow.writes;
      return slow.store;
    });
    await reached.passed;
    hub.cache.stop();
    gate.open();
    await loading;
    expect(hub.producer('svc')).toBeUndefined();
    await wantEverything(hub);
    expect(writes).toEqual([]);
    expect(hub.view<'history'>({ view: 'history' }).head.storage).toBe('memory');
  });

  test('at its end writes what it was told, no more after that, and does not call the storage broken', async () => {
    let writes: CacheWrite[][] = [];
    const hub = await new CachedHub().start([SOURCE], (real) => {
      const seen = watched(real, {});
      writes = seen.writes;
      return seen.store;
    });
    hub.connect();
    hub.receive(HELLO);
    hub.receive(started(1));
    await hub.cache.end();
    expect(writes.flat()).toContainEqual(expect.objectContaining({ kind: 'put', to: 'events' }));
    const count = writes.length;
    await wantEverything(hub);
    expect(writes).toHaveLength(count);
    expect(hub.view<'history'>({ view: 'history' }).head.storage).toBe('lasting');
  });

  test('before it was loaded reads nothing', async () => {
    await leaveRun();
    const hub = new CachedHub({ startMs: START_MS + 60_000 });
    hub.cache.stop();
    const reads: string[] = [];
    await hub.start([SOURCE], (real) => ({
      ...watched(real, {}).store,
      index: () => {
        reads.push('index');
        return real.index();
      },
    }));
    expect([reads, hub.history()]).toEqual([[], []]);
  });

  test('while it made room writes no more, and says nothing of it', async () => {
    let writes: CacheWrite[][] = [];
    let isFull = false;
    const hub = await new CachedHub().start([SOURCE], (real) => {
      const full = watched(real, {
        write: async (list) => {
          if (!isFull) return real.write(list);
          const hasRoom = writes.length > 2;
          if (hasRoom) hub.cache.stop();
          else throw new DOMException('full', 'QuotaExceededError');
        },
      });
      writes = full.writes;
      return full.store;
    });
    hub.connect();
    hub.receive(HELLO);
    hub.receive(started(1));
    await hub.cache.flush();
    isFull = true;
    writes.length = 1;
    hub.receive(started(2));
    await hub.cache.flush();
    expect(writes).toHaveLength(3);
    expect(hub.notices).toEqual([]);
  });

  test('while it was writing does not let go of runs that stay in the storage', async () => {
    const gate = createGate();
    const hub = await new CachedHub().start([SOURCE], (real) => watched(real, { write: () => gate.passed }).store);
    hub.connect();
    hub.receive(HELLO);
    for (let sequence = 1; sequence <= 12; sequence += 1) hub.receive(started(sequence));
    const flushing = hub.cache.flush();
    await vi.waitFor(() => expect(hub.cache.catalog.size).toBeGreaterThan(0));
    const before = hub.cache.catalog.size;
    hub.cache.limit({ maxRuns: 1, maxDays: 1 });
    const deleting = hub.cache.delete([...hub.cache.catalog.keys()]);
    hub.cache.stop();
    gate.open();
    await Promise.all([flushing, deleting]);
    expect(hub.cache.catalog.size).toBe(before);
  });
});
