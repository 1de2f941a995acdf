import * as z from 'zod/mini';

/**
 * A decision on its way to the one process that waits for it, on that process's
 * own socket. It is the one frame without a `type`. `decisionJson` is the text
 * of a `review_decision`, not the object.
 */
export const decisionDeliverySchema = z.looseObject({
  reviewId: z.string(),
  decisionJson: z.string(),
});

/** See {@link decisionDeliverySchema}. */
export type DecisionDelivery = z.infer<typeof decisionDeliverySchema>;
