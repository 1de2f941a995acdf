import type { HistoryRun } from '../../protocol/tab/history-model.ts';
import { runStateView } from '../run/run-words.ts';

/** Of runs that began in the same moment the later one of a producer is the one with the higher place in its id. */
const places = new Intl.Collator('en', { numeric: true });

/** The lines of the history that have every word of the filter somewhere, the latest begun first. */
export function historyRows(runs: readonly HistoryRun[], filter: string): HistoryRun[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const shown = runs.filter((run) => {
    const text = searchText(run);
    return words.every((word) => text.includes(word));
  });
  return shown.sort((a, b) => beganMs(b) - beganMs(a) || places.compare(b.id, a.id));
}

/** When a run began; where it did not say, when it was heard of last. */
function beganMs({ startedAtMs, lastAtMs }: HistoryRun): number {
  return startedAtMs ?? lastAtMs;
}

function searchText(run: HistoryRun): string {
  const { title, producerId, serviceName, sourceLabel, ensembleId, workflow, exitReason, isPinned } = run;
  const { word } = runStateView(run.state);
  return [title, producerId, serviceName, sourceLabel, ensembleId, workflow, word, exitReason, isPinned ? 'pinned' : '']
    .join('\n')
    .toLowerCase();
}
