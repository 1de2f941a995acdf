import type { RefusalReason, ReviewChange, ReviewState, WinningDecision } from './review-record.ts';
import type { ReviewEntry } from './review-shelf.ts';
import type { RemoteWord } from './review-wire.ts';

/** What a viewer has to do when a relay has spoken of a review. */
export type RemoteEffect =
  | { readonly kind: 'nothing' }
  /** The relay does not have the decision that was made here: hand it over. */
  | { readonly kind: 'write' }
  | { readonly kind: 'change'; readonly change: ReviewChange; readonly isAcknowledged: boolean };

/** What is known at the moment when a relay speaks. */
export interface RemoteContext {
  /** The connection on which it speaks. */
  readonly connectionId: string;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** What the word of a relay means for a review. It always wins over what was inferred here. */
export function hearRemote(entry: ReviewEntry, word: RemoteWord, context: RemoteContext): RemoteEffect {
  const { record } = entry;
  const own = record.decision?.local === true ? record.decision : undefined;
  if (word.state.kind === 'open') {
    if (own !== undefined && isOnItsWay(record.state)) {
      if (entry.writtenOn !== context.connectionId) return { kind: 'write' };
      if (!entry.isAcknowledged) return { kind: 'nothing' };
    }
    return change(entry, { state: word.state, decision: undefined, ...refuse(own, 'held too long', context.nowMs) });
  }
  const { decision: winner } = word;
  if (winner === undefined) {
    return change(entry, { state: word.state, decision: undefined, ...refuse(own, 'too late', context.nowMs) });
  }
  if (record.decision?.by === winner.by && record.decision.decision === winner.decision) {
    return change(entry, { state: word.state });
  }
  const decision: WinningDecision = { ...winner, atMs: word.atMs ?? context.nowMs, local: false };
  return change(entry, { state: word.state, decision, ...refuse(own, 'superseded', context.nowMs) });
}

/**
 * What the error of a server means for the decision it is about; `undefined` if the
 * error is not about a decision that was made here, or if the server has it nevertheless.
 */
export function hearRefusal(entry: ReviewEntry, code: string, nowMs: number): ReviewChange | undefined {
  const { decision, state } = entry.record;
  if (decision?.local !== true || entry.isAcknowledged || !isOnItsWay(state)) return undefined;
  switch (code) {
    case 'already_decided':
      return { state: { kind: 'refused', reason: 'superseded' } };
    case 'too_late':
      return { state: { kind: 'refused', reason: 'too late' } };
    case 'unknown_review':
      return { state: { kind: 'refused', reason: 'unknown review' } };
    default:
      return { state: { kind: 'open' }, decision: undefined, ...refuse(decision, 'not taken', nowMs) };
  }
}

function isOnItsWay({ kind }: ReviewState): boolean {
  return kind === 'sending' || kind === 'held' || kind === 'sent';
}

function refuse(
  own: WinningDecision | undefined,
  reason: RefusalReason,
  atMs: number,
): Pick<ReviewChange, 'refused'> | undefined {
  return own === undefined ? undefined : { refused: { by: own.by, reason, atMs } };
}

/** A relay repeats itself after every greeting: what is known already is no change. */
function change({ record, isAcknowledged }: ReviewEntry, wanted: ReviewChange): RemoteEffect {
  const decision = 'decision' in wanted ? wanted.decision : record.decision;
  const hasIt = decision?.local === true;
  const isNews = decision !== record.decision || hasIt !== isAcknowledged || !isSameState(record.state, wanted.state);
  return isNews ? { kind: 'change', change: wanted, isAcknowledged: hasIt } : { kind: 'nothing' };
}

function isSameState(a: ReviewState, b: ReviewState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
