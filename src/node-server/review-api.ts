import type { DecisionRequest } from '../hub/review-output.ts';
import type { ReviewRecord } from '../hub/review-record.ts';
import type { Refusal } from '../hub/review-refusal.ts';
import { toWire } from '../hub/review-wire.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { decodeDecisionBody } from '../protocol/wire/codec.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { deciderName } from './decider-name.ts';
import type { HttpProblem } from './http-error.ts';
import { type MessageLimits, readLimitsOf, refuseText } from './read-arrival.ts';

// What scripts read and send under `/api/reviews`, in the shape of an embedded dashboard's as
// far as that goes, and with what a relay knows besides. The rules are those of every decision.

/** A review for which a process may still wait. */
export interface WaitingReview {
  readonly review: ReviewRecord;
  /** Who asks; absent if it has not said who it is. */
  readonly producer: ProducerInfo | undefined;
}

/** Who decided, where a script does not say. */
const NAMELESS = 'api';

const STATUS_OF: Readonly<Record<Refusal['code'], number>> = {
  unknown_review: 404,
  invalid_decision: 400,
  already_decided: 409,
  too_late: 410,
  too_large: 413,
  too_many_held: 503,
};
/** When to try again what failed because too much was on its way, in seconds. */
const RETRY_AFTER_S = '5';

/** The reviews for which a process may still wait, as they are listed. */
export function listedReviews(waiting: readonly WaitingReview[]): object[] {
  return waiting.map(({ review, producer }) => ({
    ...review.request,
    type: undefined,
    producerId: review.producerId,
    serviceName: producer?.serviceName ?? undefined,
    ensembleId: review.ensembleId,
    createdAt: new Date(review.requestedAt.ms).toISOString(),
    expiresAt: review.deadlineMs === undefined ? undefined : new Date(review.deadlineMs).toISOString(),
    ...standingOf(review),
  }));
}

/** The body of the answer to a decision: what became of it so far, in the words of `review_state`. */
export function decidedBody(review: ReviewRecord): object {
  const { producerId, reviewId, deadlineMs } = review;
  const expiresAt = deadlineMs === undefined ? undefined : new Date(deadlineMs).toISOString();
  return { producerId, reviewId, expiresAt, ...standingOf(review) };
}

/** Reads the body of a posted decision: `{decision, revisedOutput?, by?}`. */
export function readPostedDecision(
  reviewId: string,
  text: string,
  limits: MessageLimits,
): Result<DecisionRequest, HttpProblem> {
  const refusal = refuseText(text, Buffer.byteLength(text), limits);
  const body = refusal === undefined ? decodeDecisionBody(reviewId, text, readLimitsOf(limits)) : err(refusal);
  if (!body.ok) return err({ status: body.error.code === 'too_large' ? 413 : 400, ...body.error });
  const { decision, revisedOutput, by } = body.value;
  return ok({ reviewId, decision, revisedOutput, by: deciderName(by, NAMELESS) });
}

/** Why a decision had no effect, as an answer. */
export function problemOfRefusal({ code, message }: Refusal): HttpProblem {
  const headers = code === 'too_many_held' ? { headers: { 'Retry-After': RETRY_AFTER_S } } : {};
  return { status: STATUS_OF[code], code, message, ...headers };
}

function standingOf(review: ReviewRecord): object {
  const { state, decision, by, at } = toWire(review);
  return { state, decision, by, at };
}
