import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HubDriver } from '../../../test/support/hub-driver.ts';
import { drawHub, without } from '../../../test/support/hub-picture.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import { CachedHub, openStores, startAt } from '../test-support/cached-hub.ts';

const RECORDINGS = [
  'hub-viewer',
  'hub-viewer.late',
  'embedded-before-continue',
  'embedded-files',
  'embedded-hierarchical',
  'embedded-hierarchical.late',
  'embedded-pipeline',
  'embedded-review-exit',
  'embedded-review-short',
  'embedded-review',
  'embedded-sequential',
  'embedded-streaming',
  'embedded-tools',
];

/** What may differ, and why: that a producer spoke again reaches its line in the roster only once a second. */
const TOLD_LATER = ['lastSeenMs', 'sinceMs'];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

function picture(hub: HubDriver): unknown {
  return without(drawHub(hub.state), TOLD_LATER);
}

describe('a hub that starts from the cache of an earlier one', () => {
  test.each(RECORDINGS)('shows what was there before, after %s', async (name) => {
    const frames = framesDown(name);
    const hub = await new CachedHub().start();
    hub.connect();
    const half = Math.ceil(frames.length / 2);
    for (const part of [frames.slice(0, half), frames.slice(half)]) {
      await hub.play(part);
      const cold = await startAt(hub.nowMs);
      expect(cold.notices).toEqual([]);
      const { state } = hub;
      hub.cut();
      expect(picture(cold)).toEqual(picture(hub));
      expect(cold.state.counts).toEqual(state.counts);
      hub.connect();
    }
    expect(hub.notices).toEqual([]);
  });
});
