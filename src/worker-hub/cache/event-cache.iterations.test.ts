import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SOURCE } from '../../../test/support/hub-driver.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import { CachedHub, openStores } from '../test-support/cached-hub.ts';
import { rawStore } from '../test-support/raw-store.ts';
import type { CacheStore } from './cache-store.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

describe('a lower limit of iterations', () => {
  /** A hub that keeps a run which is over, with all that is kept of one. */
  async function withCompactRun(around?: (store: CacheStore) => CacheStore): Promise<CachedHub> {
    const hub = await new CachedHub().start([SOURCE], around);
    hub.connect();
    await hub.play(framesDown('embedded-tools'));
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    await hub.cache.flush();
    return hub;
  }

  const storedRun = (): Promise<unknown> => rawStore(async (database) => (await database.getAll('runs'))[0]);

  async function answers(): Promise<number> {
    const chunks: { texts: string[] }[] = await rawStore((database) => database.getAll('events'));
    return chunks.flatMap(({ texts }) => texts).filter((text) => text.includes('"llm_iteration_completed"')).length;
  }

  test('holds for the runs that are kept already', async () => {
    const hub = await withCompactRun();
    const before = await answers();
    hub.cache.limit({ maxIterations: 1 });
    await vi.waitFor(async () => expect(await answers()).toBeLessThan(before));
    const [line] = hub.history();
    expect(await storedRun()).toMatchObject({ isCompact: true, bytes: line?.bytes });
  });

  test('is remembered for runs that the hub had not seen to when it ended', async () => {
    let isEnding = false;
    const hub = await withCompactRun((store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      async write(writes) {
        await store.write(writes);
        if (isEnding) hub.cache.stop();
      },
    }));
    expect(await storedRun()).toMatchObject({ isCompact: true });
    isEnding = true;
    hub.cache.limit({ maxIterations: 1 });
    await hub.cache.flush();
    expect(await storedRun()).toMatchObject({ isCompact: false });
  });
});
