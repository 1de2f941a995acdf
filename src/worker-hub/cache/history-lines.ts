import type { DroppedRuns, HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { keyOfRun, type RunCatalog } from './run-catalog.ts';
import type { StoredRun } from './stored-records.ts';

/** A run as the history shows it. */
export function historyLine(run: StoredRun): HistoryRun {
  const { sourceId, sourceLabel, producerId, title, state, lastAtMs, tasksFinished, tasksTotal, events, bytes } = run;
  const { serviceName, ensembleId, workflow, exitReason, startedAtMs, durationMs, isPinned, isOpen } = run;
  return {
    id: keyOfRun(run),
    sourceId,
    sourceLabel,
    producerId,
    title,
    state,
    lastAtMs,
    tasksFinished,
    tasksTotal,
    events,
    bytes,
    isPinned,
    isOpen,
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(ensembleId === undefined ? {} : { ensembleId }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(exitReason === undefined ? {} : { exitReason }),
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** What the head of the history is made from, beside the catalog. */
export interface HistoryFacts {
  readonly storage: HistoryHead['storage'];
  readonly limitBytes: number;
  readonly dropped: DroppedRuns;
  readonly damaged: number;
}

/** How the history is, all in all. */
export function historyHead(catalog: RunCatalog, facts: HistoryFacts): HistoryHead {
  let pinned = 0;
  for (const run of catalog.all()) if (run.isPinned) pinned += 1;
  return { ...facts, bytes: catalog.bytes, runs: catalog.size, pinned };
}

/** The sums of what was let go, out of a storage; what is no number counts as none. */
export function readDropped(value: unknown): DroppedRuns {
  if (typeof value !== 'object' || value === null) return {};
  const numbers = Object.entries(value).filter(([, count]) => typeof count === 'number' && count > 0);
  return Object.fromEntries(numbers);
}
