import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import { ensureProducer } from './hub-producers.ts';
import type { EmbeddedWire, HubProducer, HubSource, HubWire } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import type { KeptLife, KeptProducer, KeptReview, KeptRun } from './kept-producer.ts';
import { fillIterations } from './live/fill-iterations.ts';
import { addGapsAhead } from './live/gaps.ts';
import { loseTouch } from './live/touch.ts';
import type { KeptEvent, KeptFiller } from './logged-change.ts';
import { comparePositions, textField, type LogPosition } from './logged-event.ts';
import { takeEvent } from './producer-events.ts';
import { logOf } from './producer-log.ts';
import type { RetainedLog } from './retained-log.ts';
import { noteFreshEpoch } from './run-boundary.ts';
import { createEmbeddedWire } from './source-embedded.ts';
import { countMissing, createHubWire } from './source-hub.ts';
import type { ReviewRecord } from './review-record.ts';
import { applyLedger } from './source-reviews.ts';

/** A producer as an earlier hub knew it. Events and fillers stand in their order, those of lives that are not listed left out. */
export interface RestoredProducer {
  readonly producer: KeptProducer;
  /** Its runs, oldest first: one between them may have been deleted, and those after it go by the same numbers as before. */
  readonly runs: readonly Pick<KeptRun, 'begins' | 'number'>[];
  readonly events: readonly KeptEvent[];
  readonly fillers: readonly KeptFiller[];
  readonly reviews: readonly KeptReview[];
}

/** A producer that is being restored: where its events go, and what of its greetings has not been filled in yet. */
interface Restoring {
  readonly source: HubSource;
  readonly wire: HubWire | EmbeddedWire;
  readonly producer: HubProducer;
  readonly log: RetainedLog;
  readonly kept: KeptProducer;
  readonly fillers: KeptFiller[];
  /** The runs that have not begun again yet. */
  readonly runs: Pick<KeptRun, 'begins' | 'number'>[];
  /** When its process was heard of last. */
  readonly heardMs: number;
  /** When each of its reviews ended to wait, where it has. */
  readonly endedAtMs: ReadonlyMap<string, number | undefined>;
}

/**
 * Makes the state what it was when the hub before this one ended, without a connection. It is done by the same steps as when
 * the events came in, so that a greeting that repeats them finds them known. A source that has greeted has the better word.
 */
export function restoreProducer(work: HubWork, restored: RestoredProducer): void {
  const { producer: kept, reviews } = restored;
  const source = work.state.sources.get(kept.sourceId);
  if (source === undefined || source.connectionId !== undefined) return;
  if (source.producers.has(kept.producerId)) return;
  const counted = work.state.eventsTotal;
  const at = beginRestoring(work, source, restored);
  at.wire.ledger.restore(reviews);
  if (at.wire.kind === 'hub') at.wire.isGreeting = true;
  for (const life of kept.lives) restoreLife(work, at, { life, events: eventsOf(restored, life) });
  fillUpTo(work, at, undefined);
  if (at.wire.kind === 'hub') at.wire.isGreeting = false;
  restoreTouch(work, at);
  cutOff(work, at);
  for (const review of at.wire.ledger.records(kept.producerId)) showAgain(work, at, review);
  at.producer.lastSeenMs = kept.lastSeenMs;
  work.touched.add(at.producer);
  // These are no news: they were counted when they came.
  work.state.eventsTotal = counted;
}

function beginRestoring(work: HubWork, source: HubSource, restored: RestoredProducer): Restoring {
  const { producer: kept, events, reviews } = restored;
  source.wire ??= kept.kind === 'hub' ? createHubWire(work.state) : createEmbeddedWire(work.state);
  const { wire } = source;
  if (wire.kind === 'hub') restoreNumbers(wire, kept, events);
  else restoreCounters(wire, kept);
  const producer = ensureProducer(work, source, kept.producerId);
  producer.info = kept.info;
  if (wire.kind === 'hub') for (const ensembleId of kept.forgotten) producer.deletedRuns.add(ensembleId);
  producer.live.runsBegun = kept.firstRun - 1;
  addGapsAhead(producer.live, kept.gaps);
  const log = logOf(source, producer);
  if (log === undefined) throw new Error('A producer that is known has no log.');
  const endedAtMs = new Map(reviews.map((review) => [review.record.reviewId, review.endedAtMs]));
  const heardMs = Math.max(kept.lastSeenMs, events.at(-1)?.event.arrivedAtMs ?? 0);
  return {
    source,
    wire,
    producer,
    log,
    kept,
    fillers: [...restored.fillers],
    runs: [...restored.runs],
    endedAtMs,
    heardMs,
  };
}

function restoreNumbers({ registry }: HubWire, kept: KeptProducer, events: readonly KeptEvent[]): void {
  const info = kept.info ?? { producerId: kept.producerId };
  registry.connected(kept.producerId, kept.lastSeenMs);
  for (const { epoch, firstSequence, missing } of kept.lives) {
    const numbers = events.filter(({ event }) => event.epoch === epoch).map(({ event }) => event);
    registry.restore(info, kept.lastSeenMs, { epoch, firstSequence, numbers, missing });
  }
  registry.setPresence(kept.producerId, kept.presence);
}

function restoreCounters(wire: EmbeddedWire, { lives, nextSequence, forgotten }: KeptProducer): void {
  wire.epoch = lives.at(-1)?.epoch ?? 0;
  wire.nextSequence = nextSequence;
  for (const ensembleId of forgotten) wire.forgotten.add(ensembleId);
}

function eventsOf({ events }: RestoredProducer, { epoch }: KeptLife): KeptEvent[] {
  return events.filter(({ event }) => event.epoch === epoch);
}

function restoreLife(
  work: HubWork,
  at: Restoring,
  { life, events }: { readonly life: KeptLife; readonly events: readonly KeptEvent[] },
): void {
  const { epoch, firstSequence } = life;
  fillUpTo(work, at, { epoch, sequence: 0 });
  restoreTouch(work, at);
  at.log.epochBegan(epoch, firstSequence);
  // Its first event may be kept no longer.
  if (firstSequence === 1) noteFreshEpoch(at.producer.live.freshEpochs, epoch);
  const beganMs = events[0]?.event.receivedAt.ms ?? work.nowMs;
  work.eventMs = beganMs;
  const began = at.wire.ledger.epochBegan(at.kept.producerId, { epoch, firstSequence }, Math.min(beganMs, work.nowMs));
  applyLedger(work, at.source, began);
  work.eventMs = undefined;
  for (const { event, isUntimed } of events) {
    fillUpTo(work, at, event);
    countRuns(at, event);
    if (isUntimed && at.wire.kind === 'embedded') at.wire.untimed.add(event.message);
    const decoded = decodeEnsembleMessage(event.message);
    takeEvent(work, at.producer, { event, decoded, outcome: at.log.add(event) });
    const asked = event.type === 'review_requested' ? textField(event.message, 'reviewId') : undefined;
    const review = asked === undefined ? undefined : at.wire.ledger.record(asked);
    // A later life may have asked with the same id: how that stands says nothing about this one.
    if (review !== undefined && comparePositions(review, event) <= 0) showAgain(work, at, review);
  }
}

/** The run that begins here has the number that it had. */
function countRuns({ runs, producer: { live } }: Restoring, place: LogPosition): void {
  while (runs[0] !== undefined && comparePositions(runs[0].begins, place) <= 0) {
    live.runsBegun = Math.max(live.runsBegun, (runs.shift()?.number ?? 0) - 1);
  }
}

/** Fills in what greetings repeated before this place; without one, all that is left. */
function fillUpTo(work: HubWork, { fillers, producer }: Restoring, place: LogPosition | undefined): void {
  for (;;) {
    const [first] = fillers;
    if (first === undefined || (place !== undefined && comparePositions(first.after, place) >= 0)) return;
    fillers.shift();
    fillIterations(producer.live, [first.pair], work.changes);
  }
}

/** The newest run lost touch, if it had, when it did. */
function restoreTouch(work: HubWork, { producer, kept }: Restoring): void {
  const run = producer.live.runs.at(-1);
  const lost = kept.lost.find(({ begins }) => run !== undefined && comparePositions(begins, run.begins) === 0);
  if (lost !== undefined) loseTouch(producer.live, lost.lostAtMs, work.changes);
}

/** There is no connection: what an embedded dashboard does not repeat is not known any more. */
function cutOff(work: HubWork, at: Restoring): void {
  const { wire, source, producer } = at;
  if (wire.kind === 'hub') countMissing(work, wire, producer);
  else loseTouch(producer.live, at.heardMs, work.changes);
  applyLedger(work, source, wire.ledger.disconnected(work.nowMs));
}

/** A review stands as it stood, and ended to wait when it did. */
function showAgain(work: HubWork, { source, endedAtMs }: Restoring, review: ReviewRecord): void {
  work.eventMs = endedAtMs.get(review.reviewId);
  applyLedger(work, source, [{ kind: 'changed', review }]);
  work.eventMs = undefined;
}
