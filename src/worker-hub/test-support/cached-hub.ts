import { HubDriver, SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import type { HubAction, HubOutput } from '../../hub/hub-action.ts';
import type { HistoryRun } from '../../protocol/tab/history-model.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { EventCache, FLUSH_INTERVAL_MS } from '../cache/event-cache.ts';
import { openIdbSettingsStore } from '../settings/idb-settings-store.ts';
import type { LastingStore } from '../settings/settings-store.ts';
import { FakeClock } from './fake-clock.ts';

/** What is open, to be closed after each test. */
export const openStores: LastingStore[] = [];

/** A hub without a worker around it, whose cache is real. */
export class CachedHub extends HubDriver {
  readonly clock = new FakeClock(START_MS);
  readonly notices: string[] = [];
  /** Whether the storage is its own; several may share it in a test, one after the other. */
  isHolder = true;
  readonly cache = new EventCache({
    clock: this.clock,
    state: this.state,
    onHistory: (news) => this.do({ kind: 'history', ...news }),
    onDeleted: (at) => this.do({ kind: 'run-deleted', ...at }),
    onNotice: (text) => this.notices.push(text),
  });

  override do(action: HubAction): HubOutput {
    const output = super.do(action);
    this.cache?.note(output.logged);
    return output;
  }

  /** Sources that do not answer, and what the storage knows of them. */
  async start(sources: readonly string[] = [SOURCE], around = (store: CacheStore) => store): Promise<this> {
    const store = await openIdbSettingsStore({
      onLost: (text) => this.notices.push(text),
      isHolder: async () => this.isHolder,
    });
    openStores.push(store);
    for (const sourceId of sources) {
      this.do({ kind: 'source-added', sourceId, url: sourceId, label: `at ${sourceId}`, nowMs: this.nowMs });
    }
    if (store.cache === undefined) throw new Error('no cache');
    await this.cache.load(around(store.cache), (kept) => this.do({ kind: 'restored', kept, nowMs: this.nowMs }));
    return this;
  }

  async play(frames: readonly { readonly t: number; readonly frame: unknown }[]): Promise<void> {
    for (const { t, frame } of frames) {
      this.wait(Math.max(0, START_MS + t - this.nowMs));
      this.receive(frame);
      this.clock.advance(FLUSH_INTERVAL_MS);
    }
    await this.cache.flush();
  }

  /** The lines of the history, oldest first. */
  history(): HistoryRun[] {
    const { entities } = this.view<'history'>({ view: 'history' });
    return Object.values(entities.runs).sort((a, b) => a.lastAtMs - b.lastAtMs);
  }
}

/** The hub that comes next in the same browser, at this time, before any source answers. */
export async function startAt(nowMs: number): Promise<CachedHub> {
  const hub = new CachedHub({ startMs: nowMs });
  await hub.start();
  hub.cut();
  return hub;
}
