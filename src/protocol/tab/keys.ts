/**
 * Keys of things that a tab can point at. All are plain strings that are stable across reloads and hubs, safe as keys of
 * an object (they begin with the scheme of an address, so never `__proto__`), and may be put into a page's address.
 */

/** Canonical socket address of a source, e.g. `ws://localhost:7400/ws`, or `demo:` for the demo. */
export type SourceId = string;

/** One producer of one source: `SOURCE_ID PRODUCER_ID`. */
export type ProducerKey = string;

/** One review of one producer: `PRODUCER_KEY REVIEW_ID`. */
export type ReviewKey = string;

/** One run of one producer, unique within it, e.g. `r3`; made by the hub, stable while the run is kept. */
export type RunKey = string;

/** The producer id of a source that is itself one process (an embedded dashboard, the demo). */
export const SELF_PRODUCER_ID = 'self';

/** Joins the two halves of a producer's key; a source id never holds a space, a producer id may. */
export function producerKey(sourceId: SourceId, producerId: string): ProducerKey {
  return `${sourceId} ${producerId}`;
}

/** Whether a producer is that of the demo, which plays inside the page and is not remembered. */
export function isDemoKey(key: ProducerKey): boolean {
  return key.startsWith('demo:');
}

/** The halves of a producer's key; the inverse of `producerKey`. */
export function splitProducerKey(key: ProducerKey): { sourceId: SourceId; producerId: string } {
  const space = key.indexOf(' ');
  return { sourceId: key.slice(0, space), producerId: key.slice(space + 1) };
}

/**
 * The key of one review of one producer. Both halves may hold spaces, so those of the review are escaped: what stands after the last space
 * is the review's.
 */
export function reviewKey(producer: ProducerKey, reviewId: string): ReviewKey {
  return `${producer} ${reviewId.replaceAll('%', '%25').replaceAll(' ', '%20')}`;
}
