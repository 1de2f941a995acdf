import { reviewKey } from '../protocol/tab/keys.ts';
import type { DecisionProblem, DecisionRequest } from '../protocol/tab/review-model.ts';
import { err, ok } from '../protocol/result.ts';
import type { HubProducer, HubSource, ReviewSlot } from './hub-state.ts';
import { addNotice } from './hub-notices.ts';
import { writeTo, type HubWork } from './hub-work.ts';
import { jsonEquals } from './json-equality.ts';
import { setReviewWait } from './live/review-waits.ts';
import { comparePositions } from './logged-event.ts';
import type { LedgerOutput, Undecided } from './review-output.ts';
import type { ReviewRecord } from './review-record.ts';
import type { RunState } from './run-state.ts';
import { selectReview } from './select-review.ts';

/** Does what the ledger of a source asks for: shows how reviews stand, and writes decisions. */
export function applyLedger(work: HubWork, source: HubSource, outputs: readonly LedgerOutput[]): void {
  for (const output of outputs) {
    if (output.kind === 'write') writeTo(work, source, output.decisionJson);
    else if (output.kind === 'conflict') noteConflict(work, output);
    else showReview(work, source, output.review);
  }
}

/** Looks at all reviews of a producer anew: its source, its run or what it says of itself has changed. */
export function refreshReviews(work: HubWork, source: HubSource, producer: HubProducer): void {
  for (const { record } of producer.reviews.values()) showReview(work, source, record);
}

/** The runs of a producer are others than before: one that came late may have been asked for before there was any. */
export function showReviewsAgain(work: HubWork, source: HubSource, producer: HubProducer): void {
  refreshReviews(work, source, producer);
  for (const record of source.wire?.ledger.records(producer.producerId) ?? []) {
    if (!producer.reviews.has(record.reviewId)) showReview(work, source, record);
  }
}

/** A task was heard of: reviews that did not know whose task theirs is may do so now. */
export function nameAgents(work: HubWork, source: HubSource, producer: HubProducer): void {
  for (const { record } of producer.unnamedReviews) showReview(work, source, record);
}

/** The reviews of these runs are no longer kept. */
export function dropReviewsOf(work: HubWork, producer: HubProducer, runs: ReadonlySet<string>): void {
  for (const slot of producer.reviews.values()) {
    if (runs.has(slot.entity.run)) dropReview(work, slot);
  }
}

/** Somebody decided in one of our tabs. */
export function decideReview(work: HubWork, request: DecisionRequest): void {
  const slot = work.state.reviews.get(request.review);
  const source = slot === undefined ? undefined : work.state.sources.get(slot.producer.sourceId);
  const record = source?.wire?.ledger.record(slot?.reviewId ?? '');
  if (slot === undefined || source?.wire === undefined || record?.producerId !== slot.producer.producerId) {
    work.decided = err({
      code: 'unknown-review',
      message: 'This review is no longer kept. Look at the open reviews again.',
    });
    return;
  }
  if (record.state.kind === 'unknown' && !slot.entity.canDecide) {
    work.decided = err({
      code: 'not-open',
      message: `${source.label} is not connected, and its process may have gone on by itself. Decide again when it is back.`,
    });
    return;
  }
  const { decision, revisedOutput } = request;
  const result = source.wire.ledger.decide(
    { reviewId: slot.reviewId, decision, revisedOutput, by: work.state.by },
    work.nowMs,
  );
  work.decided = result.ok ? ok({ sent: true }) : err(problemOf(result.error));
  applyLedger(work, source, result.ok ? result.value.outputs : result.error.outputs);
}

function problemOf({ code, message }: Undecided): DecisionProblem {
  switch (code) {
    case 'unknown_review':
      return { code: 'unknown-review', message };
    case 'invalid_decision':
      return { code: 'bad-decision', message };
    case 'too_large':
      return { code: 'too-large', message };
    case 'already_decided':
    case 'too_late':
    case 'too_many_held':
      return { code: 'not-open', message };
  }
}

function showReview(work: HubWork, source: HubSource, record: ReviewRecord): void {
  const producer = source.producers.get(record.producerId);
  if (producer === undefined) return;
  const slot = producer.reviews.get(record.reviewId);
  const run = runOf(producer, record);
  if (run === undefined) {
    if (slot !== undefined) dropReview(work, slot);
    return;
  }
  const endedAtMs = record.state.kind === 'open' ? undefined : endOf(work, record, slot?.endedAtMs);
  tellRun(work, { producer, record, run, endedAtMs });
  const agentRole = run.waitsByReview.get(record.reviewId)?.task?.role;
  const entity = selectReview({ source, producer }, record, {
    run: run.key,
    agentRole: agentRole === '' ? undefined : agentRole,
  });
  const { reviewId } = record;
  keepReview(work, slot, { key: entity.id, reviewId, producer, record, endedAtMs, entity });
}

/** When it was that nobody waited any more: the deadline, or the event that showed it, or now; whichever was first. */
function endOf(work: HubWork, { state, deadlineMs }: ReviewRecord, beforeMs: number | undefined): number {
  const shownMs = state.kind === 'expired' ? deadlineMs : work.eventMs;
  return Math.min(beforeMs ?? Infinity, shownMs ?? beforeMs ?? work.nowMs);
}

/** The run in which the request stands: the run says so itself, unless the request is no longer among its events. */
function runOf({ live }: HubProducer, record: ReviewRecord): RunState | undefined {
  const newestFirst = [...live.runs].reverse();
  return (
    newestFirst.find((run) => run.waitsByReview.has(record.reviewId)) ??
    newestFirst.find((run) => comparePositions(run.begins, record) <= 0)
  );
}

function tellRun(
  work: HubWork,
  told: { producer: HubProducer; record: ReviewRecord; run: RunState; endedAtMs: number | undefined },
): void {
  const { producer, record, run, endedAtMs } = told;
  setReviewWait(
    producer.live,
    {
      review: reviewKey(producer.key, record.reviewId),
      reviewId: record.reviewId,
      taskDescription: record.request.taskDescription,
      fromMs: record.requestedAt.ms,
      ...(endedAtMs === undefined ? {} : { toMs: endedAtMs }),
      isOpen: endedAtMs === undefined,
      position: run.begins,
    },
    work.changes,
  );
}

function keepReview(work: HubWork, before: ReviewSlot | undefined, next: ReviewSlot): void {
  const { producer, key, reviewId } = next;
  const isSame = before !== undefined && jsonEquals(before.entity, next.entity);
  const slot = before === undefined ? next : Object.assign(before, next, isSame ? { entity: before.entity } : {});
  if (isSame) return;
  producer.reviews.set(reviewId, slot);
  work.state.reviews.set(key, slot);
  if (slot.entity.agentRole === undefined) producer.unnamedReviews.add(slot);
  else producer.unnamedReviews.delete(slot);
  markOpen(work, slot, slot.entity.status.kind === 'open');
  work.touched.add(producer);
  work.changes.push({ kind: 'review', review: key, producer: producer.key });
}

function markOpen(work: HubWork, slot: ReviewSlot, isOpen: boolean): void {
  const { openReviews } = work.state;
  if (openReviews.has(slot.key) || isOpen) work.changes.push({ kind: 'attention' });
  if (openReviews.has(slot.key) !== isOpen) work.changes.push({ kind: 'source', source: slot.producer.sourceId });
  if (isOpen) {
    openReviews.set(slot.key, slot);
    slot.producer.openReviews.add(slot);
  } else {
    openReviews.delete(slot.key);
    slot.producer.openReviews.delete(slot);
  }
}

function dropReview(work: HubWork, slot: ReviewSlot): void {
  const { key, producer } = slot;
  markOpen(work, slot, false);
  producer.unnamedReviews.delete(slot);
  producer.reviews.delete(slot.reviewId);
  work.state.reviews.delete(key);
  work.touched.add(producer);
  work.changes.push({ kind: 'review', review: key, producer: producer.key });
}

function noteConflict(work: HubWork, conflict: Extract<LedgerOutput, { kind: 'conflict' }>): void {
  const { producerId, ownerId } = conflict;
  addNotice(
    work,
    `${quote(producerId)} asks for a review under an id that ${quote(ownerId)} used before it. Only the first is shown; give every review an id of its own.`,
  );
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
