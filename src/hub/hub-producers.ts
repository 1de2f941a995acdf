import { producerKey } from '../protocol/tab/keys.ts';
import type { HubProducer, HubSource } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { createLiveState } from './live-state.ts';

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
    deletedRuns: new Set(),
    letGoUnseen: 0,
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
  state.staleRoster.delete(producer);
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

/** Says that the lines of all touched producers in the roster may differ. They are made when somebody looks. */
export function markRoster(work: HubWork): void {
  for (const producer of work.touched) {
    work.state.staleRoster.add(producer);
    work.changes.push({ kind: 'producer', producer: producer.key });
  }
}

/** Counts a frame or message of a source that could not be read. */
export function countUnreadable(work: HubWork, source: HubSource, count = 1): void {
  if (count === 0) return;
  source.unreadable += count;
  work.changes.push({ kind: 'source', source: source.id });
}
