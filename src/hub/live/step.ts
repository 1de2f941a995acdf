import type { Change, RunCollection } from '../change.ts';
import type { LiveState } from '../live-state.ts';
import type { RunState } from '../run-state.ts';
import type { Moment } from './event-time.ts';

/** Where a change is made, and where it is told. */
export interface Place {
  readonly live: LiveState;
  readonly run: RunState;
  readonly changes: Change[];
}

/** One event on its way into a run. */
export interface Step extends Place {
  readonly at: Moment;
  /** When the event was said or arrived: nothing in it is later. */
  readonly eventAtMs: number;
}

/** Says that an entity is new or differs. */
export function mark(place: Place, collection: RunCollection, id: string): void {
  place.changes.push({ kind: 'entity', producer: place.live.producer, run: place.run.key, collection, id });
}

/** Says that an entity is there no more. */
export function markRemoved(place: Place, collection: RunCollection, id: string): void {
  place.changes.push({ kind: 'removed', producer: place.live.producer, run: place.run.key, collection, id });
}

/** Says that the summary of the run differs. */
export function markRun(place: Place): void {
  place.changes.push({ kind: 'run', producer: place.live.producer, run: place.run.key });
}

/** Says that whatever still runs in this run looks different now: it ended around its parts, or lives again. */
export function markRunTurned(place: Place): void {
  const kind = place.run.openParts > 0 ? 'run-reset' : 'run';
  place.changes.push({ kind, producer: place.live.producer, run: place.run.key });
}
