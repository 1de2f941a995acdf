import type { Instant } from '../protocol/wire/instant.ts';
import type { Decision, ReviewRequested } from '../protocol/wire/review.ts';

/** What became of a review whose time ran out, once it is known. */
export type Happened = 'continued' | 'exited' | 'failed';

/**
 * Why a decision had no effect. `too late`: the process had already gone on, or its
 * time was up. `superseded`: another decision came first. `cancelled`: the run ended
 * before the decision could be handed over. `held too long`: the process stayed away
 * for longer than a decision is kept. `unknown review`: the relay has no such review.
 */
export type RefusalReason = 'too late' | 'superseded' | 'cancelled' | 'held too long' | 'unknown review';

/**
 * Where a review stands. `unknown` is said where the wire proves nothing: the connection
 * was cut, or the evidence came so near to the deadline that it could have been either.
 */
export type ReviewState =
  | { readonly kind: 'open' }
  | { readonly kind: 'sending'; readonly connectionId: string } // handed to a relay that has not said yet what it did with it
  | { readonly kind: 'decided' } // a relay's word only: somebody decided, no more is known
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
  /** Present with an edit that was made through this ledger; a relay does not pass it on to others. */
  readonly revisedOutput?: string;
  readonly by: string;
  /** When it was made, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Whether it was made through this ledger; if not, it was decided elsewhere. */
  readonly local: boolean;
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
  /** The life of the process in which it was announced, and its number there. */
  readonly epoch: number;
  readonly sequence: number;
  /** The run that it belongs to; absent if no start of a run has been seen. */
  readonly ensembleId?: string;
  /** The announcement as it came, with its fields that nobody knows. */
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

/** Whether a person can still decide this review, as far as is known. */
export function isUndecided(record: ReviewRecord): boolean {
  return record.decision === undefined && (record.state.kind === 'open' || record.state.kind === 'unknown');
}

/** Whether nothing more is expected of this review, except what a process says of it itself. */
export function isFinal(state: ReviewState): boolean {
  switch (state.kind) {
    case 'open':
    case 'sending':
    case 'decided':
    case 'held':
    case 'sent':
      return false;
    case 'applied':
    case 'refused':
    case 'expired':
    case 'closed':
    case 'unknown':
      return true;
  }
}
