import type { RosterEntity } from '../protocol/tab/roster-model.ts';
import type { HubProducer, HubState } from './hub-state.ts';
import { jsonEquals } from './json-equality.ts';
import { selectRoster } from './select-roster.ts';

/** By how much a producer must have been heard of later before its line in the roster is sent again for that alone, in milliseconds. */
export const LAST_SEEN_STEP_MS = 1000;

/**
 * Brings the roster up to date: the lines of all producers that something happened to since somebody looked last, and the counts
 * with them. A line without news stays the same object.
 */
export function refreshRoster(state: HubState): void {
  for (const producer of state.staleRoster) refreshLine(state, producer);
  state.staleRoster.clear();
}

/** A producer's line in the roster, up to date. */
export function rosterLine(state: HubState, producer: HubProducer): RosterEntity | undefined {
  if (state.staleRoster.delete(producer)) refreshLine(state, producer);
  return producer.roster;
}

function refreshLine(state: HubState, producer: HubProducer): void {
  const source = state.sources.get(producer.sourceId);
  if (source === undefined) return;
  const next = selectRoster(source, producer);
  const before = producer.roster;
  if (before !== undefined && !isNews(before, next)) return;
  if (before !== undefined) state.counts[before.state] -= 1;
  state.counts[next.state] += 1;
  producer.roster = next;
}

/** That a producer spoke again is news once a second; anything else is at once. */
function isNews(before: RosterEntity, next: RosterEntity): boolean {
  return (
    next.lastSeenMs - before.lastSeenMs >= LAST_SEEN_STEP_MS ||
    !jsonEquals({ ...next, lastSeenMs: before.lastSeenMs }, before)
  );
}
