import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';

/** A line of the history of which nothing is known that a test does not say. */
export function historySample(id: string, change: Partial<HistoryRun> = {}): HistoryRun {
  return {
    id,
    sourceId: 'ws://localhost:7400/ws',
    sourceLabel: 'localhost:7400',
    producerId: 'svc',
    title: 'Run 1',
    state: 'ended',
    lastAtMs: 1000,
    tasksFinished: 1,
    tasksTotal: 2,
    events: 10,
    bytes: 2048,
    isPinned: false,
    isOpen: false,
    ...change,
  };
}

/** The view of such lines. */
export function historyView(runs: readonly HistoryRun[], change: Partial<HistoryHead> = {}): ViewData<'history'> {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const pinned = runs.filter(({ isPinned }) => isPinned).length;
  const limitBytes = 512 * 1024 * 1024;
  return {
    head: { storage: 'lasting', bytes, limitBytes, runs: runs.length, pinned, dropped: {}, damaged: 0, ...change },
    entities: { runs: Object.fromEntries(runs.map((run) => [run.id, run])) },
  };
}
