import { MIB } from '../protocol/wire/limits.ts';
import type { SubjectOf } from './review-shelf.ts';

/**
 * Through whose eyes a ledger sees. `relay`: each producer has its own connection. `viewer`:
 * one connection to a relay or live-event hub, behind which all producers are, and which may
 * itself say how reviews stand. `embedded`: one connection to a dashboard that stamps no times.
 */
export type ReviewWire = 'relay' | 'embedded' | 'viewer';

/** Bounds of a review ledger; each has a default. */
export interface ReviewLimits {
  /** How long a decision is kept for a process that is away or gives no evidence, in milliseconds: 24 hours. */
  readonly holdMs: number;
  /** How long a revised output may be, in characters: 1 Mi. */
  readonly maxEditChars: number;
  /** How many decisions may be on their way at a time: 1,000. */
  readonly maxWaiting: number;
  /** How many reviews of one producer are kept: 1,000. */
  readonly maxPerProducer: number;
}

/** What holds unless told otherwise. */
export const REVIEW_LIMITS: ReviewLimits = {
  holdMs: 24 * 60 * 60 * 1_000,
  maxEditChars: MIB,
  maxWaiting: 1_000,
  maxPerProducer: 1_000,
};

/** How a review ledger is to work. */
export interface ReviewLedgerOptions {
  readonly wire: ReviewWire;
  readonly limits?: Partial<ReviewLimits>;
  /** By what tasks are remembered whose descriptions are not kept; by these unless told otherwise. */
  readonly subjectOf?: SubjectOf;
}
