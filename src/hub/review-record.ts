import type { Instant } from '../protocol/wire/instant.ts';
import type { Decision, ReviewRequested } from '../protocol/wire/review.ts';

/** What can become of a review whose time ran out. */
export const HAPPENINGS = ['continued', 'exited', 'failed'] as const;

/** What became of a review whose time ran out, once it is known. */
export type Happened = (typeof HAPPENINGS)[number];

/**
 * Why a decision had no effect. `too late`: the process had already gone on, or its
 * time was up. `superseded`: another decision came first. `cancelled`: the run ended
 * before the decision could be handed over. `held too long`: the process stayed away
 * for longer than a decision is kept. `unknown review`: the relay has no such review.
 * `not taken`: the relay turned it down for another reason, and said so in an error.
 */
export const REFUSAL_REASONS = [
  'too late',
  'superseded',
  'cancelled',
  'held too long',
  'unknown review',
  'not taken',
] as const;

/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/**
 * Where a review stands. `sending`: handed to a relay that has not said yet what it did
 * with it. `decided`: a relay says that somebody decided, and no more. `unknown` is said
 * where the wire proves nothing: the connection was cut, or the evidence came so near to
 * the deadline that it could have been either.
 */
export type ReviewState =
  | { readonly kind: 'open' }
  | { readonly kind: 'sending'; readonly connectionId: string }
  | { readonly kind: 'decided' }
  | { readonly kind: 'held' }
  | { readonly kind: 'sent'; readonly connectionId: string }
  | { readonly kind: 'applied'; readonly proof: 'ack' | 'inferred' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly happened?: Happened }
  | { readonly kind: 'expired'; readonly announced: string; readonly happened?: Happened }
  | { readonly kind: 'closed'; readonly inferred: true }
  | { readonly kind: 'unknown' };

/** The decision that won. */
export interface WinningDecision {
  readonly decision: Decision;
  /** Present with an edit that was made through this ledger: nothing on the wire repeats it. */
  readonly revisedOutput?: string;
  readonly by: string;
  /** When it was made, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Whether it was made through this ledger; if not, it was decided elsewhere. */
  readonly local: boolean;
}

/** The decision that a request is, made through this ledger at `atMs`, in milliseconds since the Unix epoch. */
export function winningDecision(
  { by, revisedOutput }: { readonly by: string; readonly revisedOutput?: string | null | undefined },
  decision: Decision,
  atMs: number,
): WinningDecision {
  const isEdit = decision === 'EDIT' && typeof revisedOutput === 'string';
  return { decision, ...(isEdit ? { revisedOutput } : {}), by, atMs, local: true };
}

/** A decision that was turned down. */
export interface RefusedDecision {
  readonly by: string;
  readonly reason: RefusalReason;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/**
 * One review as the ledger knows it. Records are never changed in place: each change
 * makes a new one, so a holder may compare by identity.
 */
export interface ReviewRecord {
  readonly producerId: string;
  readonly reviewId: string;
  /** The life of the process in which it was announced. */
  readonly epoch: number;
  /** The number of the announcement in that life. */
  readonly sequence: number;
  /** The run that it belongs to; absent if no start of a run has been seen. */
  readonly ensembleId?: string;
  /** The announcement as it came, with the fields that this version does not know. */
  readonly request: ReviewRequested;
  /** When the publisher says it asked. */
  readonly requestedAt: Instant;
  /** When the process goes on by itself, in milliseconds since the Unix epoch; absent if it waits without limit. */
  readonly deadlineMs?: number;
  readonly decision?: WinningDecision;
  readonly refused: readonly RefusedDecision[];
  readonly state: ReviewState;
  /** When the state last changed, in milliseconds since the Unix epoch. */
  readonly changedAtMs: number;
}

/** What is to outlast a ledger of a review. */
export interface KeptRecord {
  readonly record: ReviewRecord;
  /** Present where a relay speaks for reviews: whether it has said that it has the decision, so that nobody else delivers it. */
  readonly relay?: { readonly hasDecision: boolean };
}

/** What is new in a record. A `decision` that is named and `undefined` takes the decision away. */
export interface ReviewChange {
  readonly state: ReviewState;
  readonly decision?: WinningDecision | undefined;
  readonly refused?: RefusedDecision;
}

/** How many refused decisions a record remembers: enough to tell the people who tried. */
const REFUSED_KEPT = 20;

/** The record after a change of its state at `nowMs`, in milliseconds since the Unix epoch. */
export function changeReview(record: ReviewRecord, change: ReviewChange, nowMs: number): ReviewRecord {
  const { decision: before, ...rest } = record;
  const decision = 'decision' in change ? change.decision : before;
  const changed: ReviewRecord = { ...rest, state: change.state, changedAtMs: nowMs };
  const decided = decision === undefined ? changed : { ...changed, decision };
  return change.refused === undefined ? decided : noteRefusal(decided, change.refused);
}

/** The record with one more refused decision; its state is what it was. Only the newest 20 are kept. */
export function noteRefusal(record: ReviewRecord, refusal: RefusedDecision): ReviewRecord {
  return { ...record, refused: [...record.refused, refusal].slice(-REFUSED_KEPT) };
}

/** Whether a person can still decide this review, as far as is known. */
export function isUndecided(record: ReviewRecord): boolean {
  return record.decision === undefined && (record.state.kind === 'open' || record.state.kind === 'unknown');
}

/** Whether the process may still be waiting: nobody decided, or nothing has shown yet what came of it. */
export function isUnsettled(record: ReviewRecord): boolean {
  switch (record.state.kind) {
    case 'open':
    case 'sending':
    case 'decided':
    case 'held':
    case 'sent':
      return true;
    case 'unknown':
      return record.decision === undefined;
    case 'applied':
    case 'refused':
    case 'expired':
    case 'closed':
      return false;
  }
}
