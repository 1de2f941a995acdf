import type { ReviewRequested } from '../protocol/wire/review.ts';
import { deadlineOf, type DeadlineClock } from './review-deadline.ts';
import type { ReviewRecord } from './review-record.ts';
import type { LedgerEvent } from './review-witness.ts';

/** An event by which a producer asks for a review. */
export type Announcement = LedgerEvent & { readonly message: ReviewRequested };

/** Whose review it is, and what its time is measured with. */
export interface AnnouncementContext {
  readonly producerId: string;
  /** The run that goes on; `undefined` if none is known. */
  readonly ensembleId: string | undefined;
  readonly clock: DeadlineClock;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** The record of a review that has just been announced. */
export function openReview(event: Announcement, context: AnnouncementContext): ReviewRecord {
  const { message, epoch, sequence, receivedAt } = event;
  const { producerId, ensembleId, clock, nowMs } = context;
  const deadlineMs = deadlineOf(message.timeoutMs, event, clock);
  return {
    producerId,
    reviewId: message.reviewId,
    epoch,
    sequence,
    ...(ensembleId === undefined ? {} : { ensembleId }),
    request: message,
    requestedAt: receivedAt,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    refused: [],
    state: { kind: 'open' },
    changedAtMs: nowMs,
  };
}
