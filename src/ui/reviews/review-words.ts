import type { ReviewEntity, ReviewStatus } from '../../protocol/tab/review-model.ts';
import { clockCountdown } from '../format/duration.ts';

/** What the timer says: what happens by itself, and when. Anything unknown that a process announces is shown in its own word. */
export function timerText(review: Pick<ReviewEntity, 'onTimeout' | 'deadlineMs'>, nowMs: number): string {
  if (review.deadlineMs === undefined) return 'Waits without limit';
  const left = clockCountdown(review.deadlineMs - nowMs);
  switch (review.onTimeout) {
    case 'CONTINUE':
      return `Auto-continue in ${left}`;
    case 'EXIT_EARLY':
      return `Auto-exit in ${left}`;
    case 'FAIL':
      return `Fails in ${left}`;
    default:
      return `${review.onTimeout} in ${left}`;
  }
}

/** How much of the wait is left, from 1 (just asked) to 0 (deadline); undefined when it waits without limit. */
export function remainingShare(
  review: Pick<ReviewEntity, 'deadlineMs' | 'timeoutMs'>,
  nowMs: number,
): number | undefined {
  if (review.deadlineMs === undefined || review.timeoutMs <= 0) return undefined;
  return Math.min(1, Math.max(0, (review.deadlineMs - nowMs) / review.timeoutMs));
}

/** The status of a review as the screen says it; empty while it is open. */
export function statusText(status: ReviewStatus): string {
  switch (status.kind) {
    case 'open':
      return '';
    case 'expired':
      return status.happened === undefined ? 'timed out' : `timed out: ${status.happened}`;
    case 'too-late':
      return 'too late';
    case 'decided-elsewhere':
      return 'decided elsewhere';
    case 'refused':
      return `refused: ${status.reason}`;
    case 'unknown':
      return `unknown: ${status.why}`;
    case 'sending':
    case 'sent':
    case 'held':
    case 'applied':
    case 'closed':
      return status.kind;
  }
}

/** One sentence about what the status means for the process, below the word. */
export function statusExplanation(review: ReviewEntity): string {
  const process = review.serviceName ?? 'the process';
  switch (review.status.kind) {
    case 'open':
      return `Goes to ${process} only. ${deadlineSentence(review)}`;
    case 'sending':
      return 'On its way to the hub.';
    case 'sent':
      return `Handed to ${process}; it has not shown yet that it used it.`;
    case 'held':
      return review.status.why === 'source-away'
        ? 'The source is out of reach; the decision is sent as soon as it is back.'
        : `${process} is away; the decision is given to it when it comes back.`;
    case 'applied':
      return `${process} went on with it.`;
    case 'expired':
      return expiredSentence(review.status.announced);
    case 'too-late':
      return 'The process had already gone on by itself.';
    case 'decided-elsewhere':
      return review.decision === undefined
        ? 'Somebody else decided first.'
        : `${review.decision.by ?? 'Somebody else'} decided first: ${decisionWord(review.decision.decision)}.`;
    case 'closed':
      return 'It ended without a decision from here, perhaps answered at the console.';
    case 'refused':
    case 'unknown':
      return 'What the process did is not known.';
  }
}

/** Decided here and not yet settled: its fate is still worth a look after a reload, and it may come back undecided. */
export function isUnderWay({ kind }: ReviewStatus): boolean {
  return kind === 'sending' || kind === 'sent' || kind === 'held';
}

/** Whether what is written for a review may still be needed; of one that is not known it is not. */
export function isUnsettled(review: ReviewEntity | undefined): boolean {
  return review !== undefined && (review.canDecide || isUnderWay(review.status));
}

/** What is said below a text that somebody wrote for a review which is not open any more. */
export function endedDraftText(status: ReviewStatus): string {
  return isUnderWay(status) || status.kind === 'applied'
    ? 'It was decided in another tab. What stands above was not sent from this one.'
    : 'What you wrote was not used. It is kept until you discard it.';
}

/** A decision in the words of the buttons. */
export function decisionWord(decision: string): string {
  switch (decision) {
    case 'CONTINUE':
      return 'approved';
    case 'EDIT':
      return 'edited';
    case 'EXIT_EARLY':
      return 'exited early';
    default:
      return decision;
  }
}

/** When a review asks: in words. */
export function timingText(timing: string): string {
  switch (timing) {
    case 'BEFORE_EXECUTION':
      return 'before execution';
    case 'DURING_EXECUTION':
      return 'during execution';
    case 'AFTER_EXECUTION':
      return 'after execution';
    default:
      return timing;
  }
}

function deadlineSentence(review: ReviewEntity): string {
  if (review.deadlineMs === undefined) return 'It waits until somebody decides.';
  return `Without an answer ${announcedSentence(review.onTimeout)} at the deadline.`;
}

function announcedSentence(onTimeout: string): string {
  switch (onTimeout) {
    case 'CONTINUE':
      return 'it continues by itself';
    case 'EXIT_EARLY':
      return 'the run exits early';
    case 'FAIL':
      return 'the task fails';
    default:
      return `it does what it calls ${onTimeout}`;
  }
}

function expiredSentence(announced: string): string {
  return `The deadline passed without a decision; announced was: ${announcedSentence(announced)}.`;
}
