import type { ReviewRecord } from './review-record.ts';
import type { Refusal } from './review-refusal.ts';

/** What somebody decided, as it came. */
export interface DecisionRequest {
  readonly reviewId: string;
  /** Any text: a word that is no decision is refused. */
  readonly decision: string;
  readonly revisedOutput?: string | null | undefined;
  /** The name under which others see who decided. */
  readonly by: string;
}

/** What the owner of a ledger has to do, in order. */
export type LedgerOutput =
  /** Tell whoever looks at this review. */
  | { readonly kind: 'changed'; readonly review: ReviewRecord }
  /**
   * Hand a decision over on this connection. `decisionJson` is the text of a `review_decision`:
   * a relay wraps it for its producer, a viewer sends it as it is.
   */
  | {
      readonly kind: 'write';
      readonly connectionId: string;
      readonly producerId: string;
      readonly reviewId: string;
      readonly decisionJson: string;
    }
  /** This producer announced a review that is another's; nothing else has changed. */
  | { readonly kind: 'conflict'; readonly producerId: string; readonly reviewId: string; readonly ownerId: string };

/** A decision that was taken. */
export interface Decided {
  readonly review: ReviewRecord;
  readonly outputs: readonly LedgerOutput[];
}

/** A decision that was not taken; the outputs are of what fell due meanwhile. */
export interface Undecided extends Refusal {
  readonly outputs: readonly LedgerOutput[];
}
