import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HubDriver, SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import { drawHub, without } from '../../../test/support/hub-picture.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import type { HubAction, HubOutput } from '../../hub/hub-action.ts';
import { openIdbSettingsStore } from '../settings/idb-settings-store.ts';
import type { LastingStore } from '../settings/settings-store.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { EventCache, FLUSH_INTERVAL_MS } from './event-cache.ts';

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

const open: LastingStore[] = [];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

/** A hub without a worker around it, whose cache is real. */
class CachedHub extends HubDriver {
  readonly clock = new FakeClock(START_MS);
  readonly notices: string[] = [];
  readonly cache = new EventCache({
    clock: this.clock,
    state: this.state,
    onHistory: () => undefined,
    onNotice: (text) => this.notices.push(text),
  });

  override do(action: HubAction): HubOutput {
    const output = super.do(action);
    this.cache?.note(output.logged);
    return output;
  }

  /** Sources that do not answer, and what the storage knows of them. */
  async start(sources: readonly string[] = [SOURCE]): Promise<this> {
    const store = await openIdbSettingsStore({ onLost: (text) => this.notices.push(text) });
    open.push(store);
    for (const sourceId of sources) {
      this.do({ kind: 'source-added', sourceId, url: sourceId, label: `at ${sourceId}`, nowMs: this.nowMs });
    }
    if (store.cache === undefined) throw new Error('no cache');
    await this.cache.load(store.cache, (kept) => this.do({ kind: 'restored', kept, nowMs: this.nowMs }));
    return this;
  }

  async play(frames: ReturnType<typeof framesDown>): Promise<void> {
    for (const { t, frame } of frames) {
      this.wait(Math.max(0, START_MS + t - this.nowMs));
      this.receive(frame);
      this.clock.advance(FLUSH_INTERVAL_MS);
    }
    await this.cache.flush();
  }
}

function picture(hub: HubDriver): unknown {
  return without(drawHub(hub.state), TOLD_LATER);
}

async function startAt(nowMs: number): Promise<CachedHub> {
  const hub = new CachedHub({ startMs: nowMs });
  await hub.start();
  hub.cut();
  return hub;
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
