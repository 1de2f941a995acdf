import type { DroppedRuns, HistoryHead, HistoryKey, HistoryRun } from '../../protocol/tab/history-model.ts';
import { historyHead, historyLine } from './history-lines.ts';
import type { RunCatalog } from './run-catalog.ts';

/** What differs in the history. */
export interface HistoryNews {
  readonly head: HistoryHead;
  readonly runs: readonly HistoryRun[];
  readonly gone: readonly HistoryKey[];
}

/** What can be said of the history that is in no run of it. */
export class HistoryTeller {
  readonly #catalog: RunCatalog;
  readonly #onHistory: (news: HistoryNews) => void;
  storage: HistoryHead['storage'] = 'opening';
  limitBytes = 0;
  dropped: DroppedRuns = {};
  /** How many records could not be read. */
  damaged = 0;

  constructor(catalog: RunCatalog, onHistory: (news: HistoryNews) => void) {
    this.#catalog = catalog;
    this.#onHistory = onHistory;
  }

  /** Says how the history is, and how these lines of it are now. */
  tell(changed: Iterable<HistoryKey>): void {
    const runs: HistoryRun[] = [];
    const gone: HistoryKey[] = [];
    for (const id of changed) {
      const run = this.#catalog.get(id);
      if (run === undefined) gone.push(id);
      else runs.push(historyLine(run));
    }
    const { storage, limitBytes, dropped, damaged } = this;
    this.#onHistory({ head: historyHead(this.#catalog, { storage, limitBytes, dropped, damaged }), runs, gone });
  }
}
