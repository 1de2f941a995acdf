import { producerKey } from '../protocol/tab/keys.ts';
import type { RosterEntity } from '../protocol/tab/roster-model.ts';
import type { HubProducer, HubSource } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { jsonEquals } from './json-equality.ts';
import { createLiveState } from './live-state.ts';
import { selectRoster } from './select-roster.ts';

/** By how much a producer must have been heard of later before its line in the roster is sent again for that alone, in milliseconds. */
export const LAST_SEEN_STEP_MS = 1000;

/** The producer of that id; made, and on the roster, if it is new. */
export function ensureProducer(work: HubWork, source: HubSource, producerId: string): HubProducer {
  const known = source.producers.get(producerId);
  if (known !== undefined) return known;
  const key = producerKey(source.id, producerId);
  const producer: HubProducer = {
    key,
    sourceId: source.id,
    producerId,
    live: createLiveState(key),
    reviews: new Map(),
    openReviews: new Set(),
    unnamedReviews: new Set(),
    info: undefined,
    unreadable: 0,
    unknown: 0,
    missing: 0,
    lastSeenMs: 0,
    roster: undefined,
  };
  source.producers.set(producerId, producer);
  work.state.producerCount += 1;
  work.touched.add(producer);
  work.changes.push({ kind: 'source', source: source.id });
  return producer;
}

/** It leaves the roster, with everything that is known of it. */
export function removeProducer(work: HubWork, source: HubSource, producer: HubProducer): void {
  const { state, changes } = work;
  for (const { key } of producer.reviews.values()) {
    state.reviews.delete(key);
    if (state.openReviews.delete(key)) changes.push({ kind: 'attention' });
    changes.push({ kind: 'review', review: key, producer: producer.key });
  }
  work.logged.push({ kind: 'left', producer: producer.key });
  source.producers.delete(producer.producerId);
  work.touched.delete(producer);
  work.again.delete(producer);
  state.producerCount -= 1;
  if (producer.roster !== undefined) state.counts[producer.roster.state] -= 1;
  changes.push({ kind: 'producer-removed', producer: producer.key }, { kind: 'source', source: source.id });
}

/** Notes that a producer was heard of. Time does not go back: snapshots tell old news. */
export function seeProducer(work: HubWork, producer: HubProducer, atMs: number): void {
  work.touched.add(producer);
  // A publisher's clock may be ahead of ours, and nobody was last seen in the future.
  producer.lastSeenMs = Math.max(producer.lastSeenMs, Math.min(atMs, work.nowMs));
}

/** Brings the lines of all touched producers in the roster up to date, and the counts with them. */
export function refreshRoster(work: HubWork): void {
  for (const producer of work.touched) {
    const source = work.state.sources.get(producer.sourceId);
    if (source === undefined) continue;
    const next = selectRoster(source, producer);
    const before = producer.roster;
    if (before !== undefined && !isNews(before, next)) continue;
    if (before !== undefined) work.state.counts[before.state] -= 1;
    work.state.counts[next.state] += 1;
    producer.roster = next;
    work.changes.push({ kind: 'producer', producer: producer.key });
  }
}

/** That a producer spoke again is news once a second; anything else is at once. */
function isNews(before: RosterEntity, next: RosterEntity): boolean {
  const { tags: tagsBefore, lastSeenMs: seenBeforeMs, ...rest } = before;
  const { tags, lastSeenMs, ...restNext } = next;
  if (lastSeenMs - seenBeforeMs >= LAST_SEEN_STEP_MS) return true;
  return !shallowEquals(rest, restNext) || !jsonEquals(tagsBefore, tags);
}

/** The rest of a line is texts and numbers: this is done for every event. */
function shallowEquals(a: object, b: object): boolean {
  const members = new Map(Object.entries(a));
  const others = Object.entries(b);
  return members.size === others.length && others.every(([name, member]) => Object.is(members.get(name), member));
}

/** Counts a frame or message of a source that could not be read. */
export function countUnreadable(work: HubWork, source: HubSource, count = 1): void {
  if (count === 0) return;
  source.unreadable += count;
  work.changes.push({ kind: 'source', source: source.id });
}
