import { BODY_PREVIEW_CHARS, type Body } from '../protocol/tab/body.ts';
import type { ReviewDecisionMade, ReviewEntity, ReviewStatus } from '../protocol/tab/review-model.ts';
import type { RunKey } from '../protocol/tab/keys.ts';
import { reviewKey } from '../protocol/tab/keys.ts';
import type { HubProducer, HubSource } from './hub-state.ts';
import { isUndecided, type RefusalReason, type ReviewRecord, type ReviewState } from './review-record.ts';
import { serviceNameOf } from './select-roster.ts';
import { withoutUndefined } from './without-undefined.ts';

/** What begins the reference of a review's output, so that it is told from the bodies of a run. */
export const REVIEW_BODY_PREFIX = 'review:';

/** Where a review stands in its run, as far as the run knows it. */
export interface ReviewPlace {
  readonly run: RunKey;
  readonly agentRole: string | undefined;
}

/** Whose review it is. */
export interface ReviewOwner {
  readonly source: HubSource;
  readonly producer: HubProducer;
}

/** A review as the inbox shows it, from the point of view of this browser. */
export function selectReview(owner: ReviewOwner, record: ReviewRecord, place: ReviewPlace): ReviewEntity {
  const { request, requestedAt } = record;
  return withoutUndefined({
    id: reviewKey(owner.producer.key, record.reviewId),
    // Its own clock orders the reviews of a process; across processes clocks differ and it hardly matters.
    order: requestedAt.ms + requestedAt.ns / 1_000_000,
    reviewId: record.reviewId,
    producer: owner.producer.key,
    serviceName: serviceNameOf(owner.source, owner.producer),
    run: place.run,
    taskDescription: request.taskDescription,
    agentRole: place.agentRole,
    timing: request.timing,
    prompt: request.prompt ?? undefined,
    output: outputBody(record),
    requiredRole: request.requiredRole ?? undefined,
    onTimeout: request.onTimeout,
    timeoutMs: request.timeoutMs,
    requestedAtMs: requestedAt.ms,
    deadlineMs: record.deadlineMs,
    status: statusOf(owner.source, record),
    decision: decisionOf(record),
    canDecide: canDecide(owner.source, record),
  });
}

/** How a review stands, seen from this browser: what others decided is told from what was decided here. */
function statusOf(source: HubSource, record: ReviewRecord): ReviewStatus {
  const { state } = record;
  switch (state.kind) {
    case 'open':
    case 'closed':
      return { kind: state.kind };
    case 'unknown':
      return { kind: 'unknown', why: whyUnknown(source, record) };
    case 'expired':
      return expiredStatus(state);
    case 'refused':
      return refusedStatus(state.reason);
    case 'sending':
    case 'decided':
    case 'sent':
    case 'held':
    case 'applied':
      return record.decision?.local === true ? ownStatus(source, state) : { kind: 'decided-elsewhere' };
  }
}

/** Whether a click can still reach the process. While its source is away, a decision on an open review is held. */
function canDecide(source: HubSource, record: ReviewRecord): boolean {
  return isUndecided(record) && (record.state.kind === 'open' || source.connectionId !== undefined);
}

function ownStatus(
  source: HubSource,
  state: Extract<ReviewState, { kind: 'sending' | 'decided' | 'sent' | 'held' | 'applied' }>,
): ReviewStatus {
  switch (state.kind) {
    case 'sending':
      return { kind: 'sending' };
    case 'decided':
    case 'sent':
      return { kind: 'sent' };
    case 'held':
      return { kind: 'held', why: source.connectionId === undefined ? 'source-away' : 'process-away' };
    case 'applied':
      return { kind: 'applied', proof: state.proof };
  }
}

function expiredStatus({ announced, happened }: Extract<ReviewState, { kind: 'expired' }>): ReviewStatus {
  return happened === undefined ? { kind: 'expired', announced } : { kind: 'expired', announced, happened };
}

function refusedStatus(reason: RefusalReason): ReviewStatus {
  if (reason === 'too late') return { kind: 'too-late' };
  if (reason === 'superseded') return { kind: 'decided-elsewhere' };
  return { kind: 'refused', reason };
}

function whyUnknown(source: HubSource, { decision }: ReviewRecord): string {
  if (decision !== undefined)
    return 'The decision was sent, and nothing that the process said since proves what it did.';
  return source.connectionId === undefined
    ? 'The connection was cut, and the process may have gone on by itself since.'
    : 'The connection was cut for a while, and the process has not said what it did meanwhile.';
}

function decisionOf({ decision }: ReviewRecord): ReviewDecisionMade | undefined {
  if (decision === undefined) return undefined;
  const { by, atMs, local } = decision;
  return { decision: decision.decision, atMs, mine: local, ...(by === '' ? {} : { by }) };
}

function outputBody({ reviewId, request }: ReviewRecord): Body {
  const text = request.taskOutput ?? '';
  if (text.length <= BODY_PREVIEW_CHARS) return { text, totalChars: text.length };
  return {
    text: text.slice(0, BODY_PREVIEW_CHARS),
    totalChars: text.length,
    ref: `${REVIEW_BODY_PREFIX}${reviewId}`,
  };
}
