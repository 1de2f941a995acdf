import { parseInstant } from '../protocol/wire/instant.ts';
import type { ReviewState as ReviewStateMessage } from '../protocol/wire/review-state.ts';
import { DECISIONS, type Decision } from '../protocol/wire/review.ts';
import { HAPPENINGS, REFUSAL_REASONS, type Happened, type ReviewRecord, type ReviewState } from './review-record.ts';

/** What is to be delivered of a decision. */
export interface DecisionText {
  readonly reviewId: string;
  readonly decision: Decision;
  readonly revisedOutput?: string | undefined;
  /** Only for a relay of ours, which names the decider to the other viewers; a process is told no names. */
  readonly by?: string | undefined;
}

/** The text of a `review_decision`: a viewer's frame, and what a relay delivers as `decisionJson`. */
export function decisionText({ reviewId, decision, revisedOutput, by }: DecisionText): string {
  return JSON.stringify({ type: 'review_decision', reviewId, decision, revisedOutput, by });
}

/** The message by which a relay tells its viewers where a review stands. */
export function toWire(record: ReviewRecord): ReviewStateMessage {
  const { state, decision, deadlineMs } = record;
  return {
    type: 'review_state',
    producerId: record.producerId,
    reviewId: record.reviewId,
    // Whoever is told has nothing to do with our own connections.
    state: state.kind === 'sending' ? 'decided' : state.kind,
    ...(decision === undefined ? {} : { decision: decision.decision, by: decision.by }),
    at: isoOf(record.changedAtMs),
    ...outcomeToWire(record),
    ...(deadlineMs === undefined ? {} : { deadline: isoOf(deadlineMs) }),
  };
}

function outcomeToWire({ state, request }: ReviewRecord): Partial<ReviewStateMessage> {
  if (state.kind === 'expired') return { announced: state.announced, ...happenedToWire(state.happened) };
  if (state.kind !== 'refused') return {};
  const announced = state.reason === 'too late' ? { announced: request.onTimeout } : {};
  return { reason: state.reason, ...announced, ...happenedToWire(state.happened) };
}

function happenedToWire(happened: Happened | undefined): Partial<ReviewStateMessage> {
  return happened === undefined ? {} : { happened };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a relay's message says of a review, in our own terms. */
export interface RemoteWord {
  readonly state: ReviewState;
  readonly decision?: { readonly decision: Decision; readonly by: string };
  /** When it came to stand so, in milliseconds since the Unix epoch by the relay's clock; absent if unreadable. */
  readonly atMs?: number;
}

/** What a relay's message says; `undefined` if it names a state of a later version. */
export function fromWire(message: ReviewStateMessage, connectionId: string): RemoteWord | undefined {
  const state = stateFromWire(message, connectionId);
  if (state === undefined) return undefined;
  const decision = DECISIONS.find((word) => word === message.decision);
  const atMs = parseInstant(message.at)?.ms;
  return {
    state,
    ...(decision === undefined ? {} : { decision: { decision, by: message.by ?? '' } }),
    ...(atMs === undefined ? {} : { atMs }),
  };
}

function stateFromWire(message: ReviewStateMessage, connectionId: string): ReviewState | undefined {
  const happened = HAPPENINGS.find((word) => word === message.happened);
  const outcome = happened === undefined ? {} : { happened };
  switch (message.state) {
    case 'open':
    case 'decided':
    case 'held':
    case 'unknown':
      return { kind: message.state };
    case 'sent':
      return { kind: 'sent', connectionId };
    case 'applied':
      return { kind: 'applied', proof: 'inferred' };
    case 'refused':
      return { kind: 'refused', reason: reasonFromWire(message.reason), ...outcome };
    case 'expired':
      return { kind: 'expired', announced: message.announced ?? '', ...outcome };
    case 'closed':
      return { kind: 'closed', inferred: true };
    default:
      return undefined;
  }
}

function reasonFromWire(reason: string | null | undefined): (typeof REFUSAL_REASONS)[number] {
  return REFUSAL_REASONS.find((word) => word === reason) ?? 'not taken';
}
