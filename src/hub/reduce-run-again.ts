import type { Change } from './change.ts';
import { liveReducer } from './live-reducer.ts';
import type { LiveEvent, LiveState } from './live-state.ts';
import { carrySums } from './live/carry-sums.ts';
import { fillRun } from './live/fill-iterations.ts';
import { addGapsAhead } from './live/gaps.ts';
import { loseTouch } from './live/touch.ts';
import { comparePositions } from './logged-event.ts';
import type { RunSummary } from './retained-log.ts';
import type { RunState } from './run-state.ts';

/** Which runs are reduced again, and from what. */
export interface AgainRequest {
  /** The first of them, counted from the oldest that is kept. */
  readonly runIndex: number;
  /** All that is kept of these runs, in order. */
  readonly events: readonly LiveEvent[];
  /** These runs as their log has them; of a run that is not named, nothing was let go. */
  readonly kept?: readonly Pick<RunSummary, 'begins' | 'letGo'>[];
}

/**
 * Forgets the runs from an index on and reduces their events anew: what a late event asks for, whose place is among others.
 * What is known of these runs from elsewhere stays: gaps, iterations that a greeting filled in, and that touch was lost.
 * Reviews are to be told again by their ledger.
 */
export function reduceRunAgain(
  live: LiveState,
  { runIndex, events, kept = [] }: AgainRequest,
  changes: Change[],
): void {
  const old = live.runs.splice(runIndex);
  rewind(live, old);
  addGapsAhead(
    live,
    old.flatMap((run) => [...run.gaps.values()]),
  );
  // Entities may have other names now: only whole runs can be told about.
  const untold: Change[] = [];
  for (const event of events) liveReducer(live, event, untold);
  const now = live.runs.slice(runIndex);
  for (const run of now) {
    const before = runBefore(old, run);
    if (before === undefined) continue;
    fillRun({ live, run, changes: untold }, before.fillers);
    run.letGo = kept.find(({ begins }) => comparePositions(begins, run.begins) === 0)?.letGo ?? 0;
    // Where runs were cut in another way, none of them is what it was.
    carrySums(before, run, run.letGo > before.letGo && old.length === now.length);
  }
  const lostAtMs = old.at(-1)?.lostAtMs;
  if (lostAtMs !== undefined) loseTouch(live, lostAtMs, untold);
  tellRuns(live, { old, now }, changes);
}

/** The same run as it was. An older run may have come in before it, so that it has the key of another one now. */
function runBefore(old: readonly RunState[], { key, ensembleId }: RunState): RunState | undefined {
  const namesakes = old.filter((run) => run.ensembleId === ensembleId);
  const unnamed = old.find((run) => run.key === key && run.ensembleId === undefined);
  return namesakes.find((run) => run.key === key) ?? (ensembleId === undefined ? undefined : namesakes[0]) ?? unnamed;
}

/** Makes the state what it was before the first of the forgotten runs began. */
function rewind(live: LiveState, forgotten: readonly RunState[]): void {
  const [first] = forgotten;
  if (first !== undefined) live.runsBegun = first.number - 1;
  live.epoch = live.runs.at(-1)?.lastEpoch ?? 0;
  live.knownMs = undefined;
  live.unplaced = live.unplaced.filter((item) => !forgotten.includes(item.run));
}

function tellRuns(
  live: LiveState,
  { old, now }: { readonly old: readonly RunState[]; readonly now: readonly RunState[] },
  changes: Change[],
): void {
  const before = new Set(old.map((run) => run.key));
  const after = new Set(now.map((run) => run.key));
  const tell = (kind: 'run-began' | 'run-reset' | 'run-dropped', run: RunState): void => {
    changes.push({ kind, producer: live.producer, run: run.key });
  };
  for (const run of old) if (!after.has(run.key)) tell('run-dropped', run);
  for (const run of now) tell(before.has(run.key) ? 'run-reset' : 'run-began', run);
}
