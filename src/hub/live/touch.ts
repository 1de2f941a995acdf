import type { Change } from '../change.ts';
import type { LiveState } from '../live-state.ts';
import { markRunTurned } from './step.ts';

/**
 * The process of the newest run is out of reach: an open run shows as lost since `atMs` (milliseconds since the Unix epoch).
 * Nothing in it changes, so that being heard of again, by its next event or by {@link regainTouch}, takes it back wholly.
 */
export function loseTouch(live: LiveState, atMs: number, changes: Change[]): void {
  const run = live.runs.at(-1);
  if (run === undefined || run.phase.kind === 'ended' || run.lostAtMs !== undefined) return;
  run.lostAtMs = atMs;
  markRunTurned({ live, run, changes });
}

/** The process of the newest run is in reach again. */
export function regainTouch(live: LiveState, changes: Change[]): void {
  const run = live.runs.at(-1);
  if (run === undefined || run.lostAtMs === undefined) return;
  run.lostAtMs = undefined;
  markRunTurned({ live, run, changes });
}
