import type { Body } from './body.ts';
import type { ProducerKey, ReviewKey, RunKey } from './keys.ts';

/** What a person may answer. */
export type DecisionWord = 'CONTINUE' | 'EDIT' | 'EXIT_EARLY';

/**
 * How a review stands, from the point of view of this browser. Every state but `open` and `unknown` ends the choice.
 * `expired.announced` is what the process said it would do; `happened` what it did, once that is known (they may differ).
 */
export type ReviewStatus =
  | { readonly kind: 'open' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'held'; readonly why: 'process-away' | 'source-away' }
  | { readonly kind: 'applied'; readonly proof: 'ack' | 'inferred' }
  | {
      readonly kind: 'expired';
      readonly announced: string;
      readonly happened?: 'continued' | 'exited' | 'failed';
    }
  | { readonly kind: 'too-late' }
  | { readonly kind: 'decided-elsewhere' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** The decision that won, as far as it is known. */
export interface ReviewDecisionMade {
  readonly decision: string;
  readonly by?: string;
  readonly atMs: number;
  /** True where this browser's hub sent it. */
  readonly mine: boolean;
}

/** One review, open or ended. Times are ms since the Unix epoch. */
export interface ReviewEntity {
  readonly id: ReviewKey;
  readonly order: number;
  readonly reviewId: string;
  readonly producer: ProducerKey;
  readonly serviceName?: string;
  readonly run: RunKey;
  readonly taskDescription: string;
  readonly agentRole?: string;
  readonly timing: string;
  readonly prompt?: string;
  readonly output: Body;
  readonly requiredRole?: string;
  readonly onTimeout: string;
  /** 0 = waits without limit. */
  readonly timeoutMs: number;
  readonly requestedAtMs: number;
  /** Absent when it waits without limit. */
  readonly deadlineMs?: number;
  readonly status: ReviewStatus;
  readonly decision?: ReviewDecisionMade;
  /** Whether a click can still reach the process. */
  readonly canDecide: boolean;
}

/** Counts for the inbox. */
export interface ReviewsHead {
  readonly open: number;
}

/** What a tab sends when somebody decides. */
export interface DecisionRequest {
  readonly review: ReviewKey;
  readonly decision: DecisionWord;
  /** With EDIT: what the task's output becomes. */
  readonly revisedOutput?: string;
}

/** Why a decision was not taken at all; a decision that was taken shows its fate in the review's status. */
export interface DecisionProblem {
  readonly code: 'unknown-review' | 'not-open' | 'too-large' | 'bad-decision';
  readonly message: string;
}
