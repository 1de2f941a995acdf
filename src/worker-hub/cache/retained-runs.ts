import {
  planRetention,
  planShare,
  type Drop,
  type HistoryLimits,
  type KeptWeight,
} from '../../hub/history-retention.ts';
import type { HubState } from '../../hub/hub-state.ts';
import { isConnected } from '../../hub/keep-producer.ts';
import { comparePositions } from '../../hub/logged-event.ts';
import { DEFAULT_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import type { CacheWrite } from './cache-store.ts';
import { PLACED } from './cache-store.ts';
import { keyOfRun, producerOf, type RunCatalog } from './run-catalog.ts';
import type { StoredRun } from './stored-records.ts';

/** What is let go when the storage says that it is full. */
const FULL_SHARE = 0.1;

const MEGABYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

/** The limits of the history, in the terms of its policy. */
export function historyLimits(set: Partial<KeepLimits>): HistoryLimits {
  const { maxProducers, maxRuns, maxMegabytes, maxDays } = { ...DEFAULT_KEEP_LIMITS, ...set };
  return { maxProducers, maxRuns, maxBytes: maxMegabytes * MEGABYTE, maxAgeMs: maxDays * DAY_MS };
}

/** What the limits ask to let go of now. */
export function dropsNow(catalog: RunCatalog, state: HubState, at: { limits: HistoryLimits; nowMs: number }): Drop[] {
  return planRetention(weigh(catalog, state), at.limits, at.nowMs);
}

/** What to let go of when the storage is full. */
export function dropsWhenFull(catalog: RunCatalog, state: HubState): Drop[] {
  return planShare(weigh(catalog, state), FULL_SHARE);
}

/** How a run is deleted with everything of it, and its producer with the last one. */
export function deletionOf(catalog: RunCatalog, run: StoredRun): CacheWrite[] {
  const stretch = catalog.stretch(run);
  return PLACED.map((from) => ({ kind: 'clear', from, stretch }));
}

/** The oldest first: those that a greeting told arrived at one time, and the policy leaves them in this order. */
function weigh(catalog: RunCatalog, state: HubState): KeptWeight[] {
  const connected = new Map<string, boolean>();
  const runs = [...catalog.all()].sort((a, b) => a.lastAtMs - b.lastAtMs || comparePositions(a.begins, b.begins));
  return runs.map((run) => {
    const producer = producerOf(run);
    const isThere = connected.get(producer) ?? isConnected(state, producer);
    connected.set(producer, isThere);
    const { ensembleId, startedAtMs, events, bytes, lastAtMs, isPinned } = run;
    const isLive = isThere && catalog.of(producer).at(-1) === run;
    return { id: keyOfRun(run), producer, ensembleId, startedAtMs, events, bytes, lastAtMs, isPinned, isLive };
  });
}
