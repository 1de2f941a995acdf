import { type DecodedMessage, decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import { applyLedger, dropReviewsOf, nameAgents, showReviewsAgain } from './source-reviews.ts';
import { countUnreadable, seeProducer } from './hub-producers.ts';
import type { EmbeddedWire, HubProducer, HubSource, HubWire } from './hub-state.ts';
import { reduceAgainFrom, type HubWork } from './hub-work.ts';
import type { LiveEvent } from './live-state.ts';
import { liveReducer } from './live-reducer.ts';
import { dropRuns } from './live/drop-runs.ts';
import { comparePositions, type LoggedEvent, type LogPosition } from './logged-event.ts';
import { logOf, type Whose } from './producer-log.ts';
import { reduceRunAgain } from './reduce-run-again.ts';
import { LAST_SEEN_STEP_MS } from './roster-lines.ts';
import type { AddOutcome, RetainedLog, RunSummary } from './retained-log.ts';
import { trimLiveRuns } from './trim-live-runs.ts';

/** An event that its log has taken in: where it went, and what it says. */
export interface TakenEvent {
  readonly event: LoggedEvent;
  readonly outcome: AddOutcome;
  readonly decoded: DecodedMessage;
}

/** Takes an event into the producer's live state and tells the ledger of it; it is in the log already. */
export function takeEvent(work: HubWork, producer: HubProducer, taken: TakenEvent): void {
  const source = work.state.sources.get(producer.sourceId);
  if (source?.wire === undefined) return;
  const { event, outcome, decoded } = taken;
  countEvent(work, { source, producer }, decoded);
  forgetRuns(work, { source, producer }, outcome.droppedRuns);
  // Deadlines that passed before it, however late the hub was woken.
  applyLedger(work, source, source.wire.ledger.tick(hearingMs(work, source, event)));
  const { placement } = outcome;
  if (placement.kind !== 'not-kept') noteKept(work, { source, producer }, event);
  if (placement.kind === 'inserted') reduceAgainFrom(work, producer, beginningOf(logOf(source, producer), placement));
  else if (placement.kind === 'appended' && !work.again.has(producer)) {
    liveReducer(producer.live, toLiveEvent(source.wire, event, decoded), work.changes);
    if (outcome.letGo > 0) trimLiveRuns(work, { source, producer }, outcome.letGo);
  }
  hearEvent(work, { source, producer }, taken);
  if (event.type.startsWith('task_')) nameAgents(work, source, producer);
  seeEvent(work, producer, taken);
}

/** The event is to outlast the hub. */
function noteKept(work: HubWork, { source, producer }: Whose, event: LoggedEvent): void {
  const isUntimed = source.wire?.kind === 'embedded' && source.wire.untimed.has(event.message);
  work.logged.push({ kind: 'event', producer: producer.key, event, isUntimed });
}

/** Tells the ledger what a producer said: it may be a review, or evidence of what became of one. */
export function hearEvent(work: HubWork, at: Whose, { event, decoded }: Omit<TakenEvent, 'outcome'>): void {
  if (decoded.kind !== 'known') return;
  const { epoch, sequence, receivedAt, arrivedAtMs } = event;
  const told = { epoch, sequence, receivedAt, arrivedAtMs, message: decoded.message };
  const outputs = at.source.wire?.ledger.event(at.producer.producerId, told, hearingMs(work, at.source, event)) ?? [];
  work.eventMs = receivedAt.ms;
  applyLedger(work, at.source, outputs);
  const { message } = decoded;
  if (message.type === 'review_requested') showAgain(work, at, { epoch, sequence, reviewId: message.reviewId });
  work.eventMs = undefined;
}

/** An id that was asked with before in the same life is no other review: what the run took for one stands as that does. */
function showAgain(work: HubWork, { source, producer }: Whose, asked: LogPosition & { reviewId: string }): void {
  const record = source.wire?.ledger.record(asked.reviewId);
  const isAnother = record?.producerId !== producer.producerId || comparePositions(record, asked) >= 0;
  if (!isAnother) applyLedger(work, source, [{ kind: 'changed', review: record }]);
}

/** When an event is heard. A greeting tells old news: what fell due since must not seem to have come before it. */
function hearingMs(work: HubWork, { wire }: HubSource, { receivedAt }: LoggedEvent): number {
  return wire?.kind === 'hub' && wire.isGreeting ? Math.min(receivedAt.ms, work.nowMs) : work.nowMs;
}

/** Reduces again what has to be, now that everything of this action is in the logs. */
export function reduceAgain(work: HubWork): void {
  for (const [producer, position] of work.again) {
    const source = work.state.sources.get(producer.sourceId);
    const log = source === undefined ? undefined : logOf(source, producer);
    if (source?.wire === undefined || log === undefined) continue;
    const { wire } = source;
    const runs = log.runs();
    const begun = runs.filter((run) => comparePositions(run.begins, position) <= 0).length;
    const runIndex = Math.min(Math.max(0, begun - 1), commonRuns(producer, runs));
    const events = runs
      .slice(runIndex)
      .flatMap((_, index) => log.eventsOfRun(runIndex + index))
      .map((event) => toLiveEvent(wire, event, decodeEnsembleMessage(event.message)));
    reduceRunAgain(producer.live, { runIndex, events, kept: runs.slice(runIndex) }, work.changes);
    work.touched.add(producer);
    showReviewsAgain(work, source, producer);
  }
  work.again.clear();
}

/** Where the runs of the live state and of the log part, in runs from the oldest. */
function commonRuns({ live }: HubProducer, runs: readonly RunSummary[]): number {
  const parting = live.runs.findIndex((run, index) => {
    const kept = runs[index];
    return kept === undefined || comparePositions(kept.begins, run.begins) !== 0;
  });
  return parting < 0 ? live.runs.length : parting;
}

function beginningOf(
  log: RetainedLog | undefined,
  placement: Extract<AddOutcome['placement'], { kind: 'inserted' }>,
): { epoch: number; sequence: number } {
  return log?.runs()[placement.runIndex]?.begins ?? { epoch: 0, sequence: 0 };
}

function toLiveEvent(wire: HubWire | EmbeddedWire, event: LoggedEvent, message: DecodedMessage): LiveEvent {
  const { epoch, sequence, type } = event;
  if (wire.kind === 'hub') return { epoch, sequence, type, atMs: event.receivedAt.ms, isTimeKnown: true, message };
  return { epoch, sequence, type, atMs: event.arrivedAtMs, isTimeKnown: !wire.untimed.has(event.message), message };
}

/** Counts a message, and apart what means nothing here or cannot be read. */
export function countEvent(work: HubWork, { source, producer }: Whose, { kind }: DecodedMessage): void {
  work.state.eventsTotal += 1;
  if (kind === 'known') return;
  producer[kind] += 1;
  if (kind === 'unknown') source.unknown += 1;
  else countUnreadable(work, source);
}

/** Its log has let go of whole runs, so everything else does. */
export function forgetRuns(work: HubWork, { source, producer }: Whose, dropped: readonly RunSummary[]): void {
  if (dropped.length === 0) return;
  const { live } = producer;
  const going = [...live.runs.entries()].filter(([, run]) =>
    dropped.some(({ begins }) => comparePositions(begins, run.begins) === 0),
  );
  dropReviewsOf(work, producer, new Set(going.map(([, run]) => run.key)));
  dropRuns(
    live,
    going.map(([index]) => index),
    work.changes,
  );
  for (const { ensembleId } of dropped) {
    if (source.wire?.kind === 'embedded' && ensembleId !== undefined) noteForgotten(source.wire, ensembleId);
    if (!live.runs.some((run) => run.ensembleId === ensembleId)) {
      source.wire?.ledger.forgetRun(producer.producerId, ensembleId);
    }
  }
}

/** How many runs that are kept no longer are remembered: a greeting repeats far fewer, and each is written to the storage again and again. */
const MAX_FORGOTTEN = 1_000;

function noteForgotten({ forgotten }: EmbeddedWire, ensembleId: string): void {
  forgotten.add(ensembleId);
  for (const oldest of forgotten) {
    if (forgotten.size <= MAX_FORGOTTEN) return;
    forgotten.delete(oldest);
  }
}

/** Tokens come by the thousand and say nothing to the roster but that the process is alive. */
function seeEvent(work: HubWork, producer: HubProducer, { event, decoded }: TakenEvent): void {
  const atMs = event.receivedAt.ms;
  const isToken = decoded.kind === 'known' && decoded.message.type === 'token';
  const state = producer.roster?.state;
  if (!isToken || (state !== 'running' && state !== 'waiting for you')) seeProducer(work, producer, atMs);
  else if (atMs - producer.lastSeenMs >= LAST_SEEN_STEP_MS) seeProducer(work, producer, atMs);
}
