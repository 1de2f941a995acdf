import * as z from 'zod/mini';

/** The codes of a typed error and what each means. Later versions may add to them. */
export const ERROR_CODES = {
  /** The text is longer than the receiver takes. */
  too_large: 'too_large',
  /** The JSON is nested deeper than the receiver reads. */
  too_deep: 'too_deep',
  /** The text is not JSON. */
  not_json: 'not_json',
  /** The JSON is not an object with a string `type`. */
  not_a_message: 'not_a_message',
  /** The `type` is one that the receiver has no use for; the sender did no harm. */
  unknown_type: 'unknown_type',
  /** A member is missing or of the wrong kind. */
  invalid_message: 'invalid_message',
  /** The decision is none of CONTINUE, EDIT, EXIT_EARLY and approve; it was not passed on. */
  invalid_decision: 'invalid_decision',
  /** Nobody here has asked for that review, or it is no longer kept. */
  unknown_review: 'unknown_review',
  /** Somebody else has decided that review first. */
  already_decided: 'already_decided',
  /** The deadline of that review has passed, or its task has gone on. */
  too_late: 'too_late',
  /** Too many decisions already wait for processes that are away. */
  too_many_held: 'too_many_held',
  /** The relay keeps as much as it may, and none of it may go. */
  too_much_kept: 'too_much_kept',
  /** Another producer announced that review id first and owns it. */
  review_owned: 'review_owned',
  /** Several processes seem to speak under one producer id, which the message carries as `producerId`. */
  producer_contested: 'producer_contested',
  /** The producer only posts: there is no way to bring it a decision. */
  no_return_path: 'no_return_path',
  /** The peer sent too many bad frames and is about to be closed. */
  too_many_errors: 'too_many_errors',
} as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * A server could not do what a frame asked. `reviewId` names the review it was
 * about and goes to viewers only: a JVM publisher takes anything with a
 * top-level `reviewId` for a decision.
 */
export const errorSchema = z.looseObject({
  type: z.literal('error'),
  /** One of {@link ERROR_CODES}, or unknown text. */
  code: z.string(),
  /** A sentence for a person: what happened, to what, what to do. */
  message: z.string(),
  reviewId: z.nullish(z.string()),
});

/** See {@link errorSchema}. */
export type ErrorMessage = z.infer<typeof errorSchema>;
