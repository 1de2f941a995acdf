import * as z from 'zod/mini';
import { producerIdSchema } from './envelope.ts';

/** Where a review can stand. The set is open for later versions. */
export const REVIEW_STATES = [
  'open',
  'decided',
  'held',
  'sent',
  'applied',
  'refused',
  'expired',
  'closed',
  'unknown',
] as const;

/**
 * Where a review stands, as the relay sees it: the one message that a relay of
 * ours adds to the wire. Every viewer gets it after its greeting and whenever
 * the state changes, so that all of them see the same decision and whose it was.
 */
export const reviewStateSchema = z.looseObject({
  type: z.literal('review_state'),
  producerId: producerIdSchema,
  reviewId: z.string(),
  /** One of {@link REVIEW_STATES}, or unknown text. */
  state: z.string(),
  decision: z.nullish(z.string()),
  /** Who decided, as the relay names them. */
  by: z.nullish(z.string()),
  /** Instant by the relay's clock, ISO 8601. */
  at: z.string(),
  /** What the review announced for its time-out. */
  announced: z.nullish(z.string()),
  /** What did happen at the time-out, where it is known. */
  happened: z.nullish(z.string()),
  /** Why it was refused, or why nothing more is known. */
  reason: z.nullish(z.string()),
  /** When the process goes on by itself: instant by the publisher's clock, ISO 8601. */
  deadline: z.nullish(z.string()),
});

/** See {@link reviewStateSchema}. */
export type ReviewState = z.infer<typeof reviewStateSchema>;
