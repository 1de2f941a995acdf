import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SOURCE } from '../../../test/support/hub-driver.ts';
import { openStores, startAt } from '../test-support/cached-hub.ts';
import { PRODUCER, runFrames, titles, withRuns } from '../test-support/cached-runs.ts';
import { rawStore } from '../test-support/raw-store.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

describe('trouble', () => {
  test('a damaged record costs itself, and how many there are is said', async () => {
    const hub = await withRuns(5);
    await rawStore(async (database) => {
      const keys = await database.getAllKeys('events');
      await database.put('events', { version: 1, texts: ['no json'] }, keys[1]);
      await database.put('events', 7, keys[2]);
      await database.put('runs', { version: 1 }, (await database.getAllKeys('runs'))[4]);
      await database.put('reviews', {}, [SOURCE, 'svc', 1, 18, 'x']);
    });
    const cold = await startAt(hub.nowMs);
    expect(cold.notices).toEqual([expect.stringMatching(/^4 records of the history could not be read/)]);
    expect(cold.view<'history'>({ view: 'history' }).head.damaged).toBe(4);
    expect(titles(cold)).toEqual(['run-0', 'run-1', 'run-2', 'run-3']);
    expect(cold.producer('svc')?.runs).toBe(3);
    cold.connect();
    cold.receive({
      type: 'hub_hello',
      producers: [PRODUCER],
      snapshotTrace: [0, 1, 2, 3, 4].flatMap((index) => [...runFrames(`run-${index}`, index * 4 + 1, index)]),
    });
    expect(cold.producer('svc')?.runs).toBe(5);
  });

  test('a full storage loses its oldest runs, and what was to be written is written', async () => {
    let isFull = false;
    const full = (store: CacheStore): CacheStore => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: async (writes: readonly CacheWrite[], isStrict) => {
        const hasPut = writes.some(({ kind }) => kind === 'put');
        if (isFull && hasPut) throw quotaError();
        isFull = false;
        await store.write(writes, isStrict);
      },
    });
    const hub = await withRuns(3, full);
    isFull = true;
    for (const frame of runFrames('run-3', 13, 3)) hub.receive(frame);
    await hub.cache.flush();
    expect(titles(hub)).toEqual(['run-1', 'run-2', 'run-3']);
    expect(hub.notices).toEqual([expect.stringContaining('the oldest run of the history had to go')]);
    expect(titles(await startAt(hub.nowMs))).toEqual(['run-1', 'run-2', 'run-3']);
  });

  test('a storage that stays full is given up, said, and the hub goes on', async () => {
    const hub = await withRuns(2, (store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: () => Promise.reject(quotaError()),
    }));
    expect(hub.notices).toEqual([expect.stringMatching(/is full\. What happens from now on/)]);
    expect(hub.view<'history'>({ view: 'history' }).head.storage).toBe('memory');
    expect(hub.producer('svc')?.runs).toBe(2);
  });

  test('a storage that fails otherwise is given up, and said', async () => {
    const hub = await withRuns(1, (store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: () => Promise.reject(new DOMException('gone', 'InvalidStateError')),
    }));
    expect(hub.notices).toEqual([expect.stringContaining('InvalidStateError: gone')]);
  });
});

function quotaError(): DOMException {
  return new DOMException('full', 'QuotaExceededError');
}
