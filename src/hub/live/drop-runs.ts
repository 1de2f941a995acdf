import type { Change } from '../change.ts';
import type { LiveState } from '../live-state.ts';

/** Forgets runs that are kept no longer, by their index from the oldest. */
export function dropRuns(live: LiveState, indexes: readonly number[], changes: Change[]): void {
  const going = new Set(indexes);
  const kept = live.runs.filter((run, index) => {
    if (going.has(index)) changes.push({ kind: 'run-dropped', producer: live.producer, run: run.key });
    return !going.has(index);
  });
  live.runs.splice(0, live.runs.length, ...kept);
  live.unplaced = live.unplaced.filter((item) => kept.includes(item.run));
}
