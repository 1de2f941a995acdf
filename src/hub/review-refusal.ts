import type { ErrorCode } from '../protocol/wire/error.ts';
import type { ReviewRecord } from './review-record.ts';

/** The code of a refused decision, as it goes into a typed error. */
export type RefusalCode = Extract<
  ErrorCode,
  'unknown_review' | 'invalid_decision' | 'already_decided' | 'too_late' | 'too_large' | 'too_many_held'
>;

/** Why a decision was not taken. */
export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence for a person: what happened, to what, what to do. */
  readonly message: string;
  /** The review as it stands; absent if there is none. */
  readonly review?: ReviewRecord;
}

/** Nobody here has asked for it. */
export function unknownReview(reviewId: string): Refusal {
  return {
    code: 'unknown_review',
    message: `No process here has asked for review ${quote(reviewId)}, or it is no longer kept. Look at the open reviews again.`,
  };
}

/** The word is none that a process understands; to a JVM process any unknown word means to exit early. */
export function invalidDecision(word: string, review: ReviewRecord): Refusal {
  return {
    code: 'invalid_decision',
    message: `${quote(word)} is no decision, so it was not passed on. Use CONTINUE, EDIT or EXIT_EARLY.`,
    review,
  };
}

/** Somebody was quicker. */
export function alreadyDecided(review: ReviewRecord): Refusal {
  const winner = review.decision;
  const who = winner === undefined ? 'somebody else' : `${winner.by} (${winner.decision})`;
  return {
    code: 'already_decided',
    message: `Review ${quote(review.reviewId)} was decided first by ${who}. Nothing more is to be done.`,
    review,
  };
}

/** The process no longer waits. */
export function decidedTooLate(review: ReviewRecord): Refusal {
  return {
    code: 'too_late',
    message: `The process no longer waits for review ${quote(review.reviewId)}: its time was up, or its task has gone on. Watch the run to see what it did.`,
    review,
  };
}

/** A revised output has a limit, so that decisions that are held cannot fill the memory. */
export function editTooLarge(review: ReviewRecord, maxChars: number): Refusal {
  return {
    code: 'too_large',
    message: `The revised output for review ${quote(review.reviewId)} is longer than ${maxChars.toLocaleString('en')} characters. Shorten it and decide again.`,
    review,
  };
}

/** The number of decisions on their way has a limit too. */
export function tooManyHeld(review: ReviewRecord, max: number): Refusal {
  return {
    code: 'too_many_held',
    message: `The decision on review ${quote(review.reviewId)} was not taken: ${max.toLocaleString('en')} decisions already wait for their processes. Decide again when some have been delivered.`,
    review,
  };
}

/** A peer's text in a sentence: short, and clear where it begins and ends. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
