import * as z from 'zod/mini';

/**
 * A piece of text as a model streams it. Never kept for those who join later.
 * It goes to the newest running task with the same role and description.
 */
export const tokenSchema = z.looseObject({
  type: z.literal('token'),
  token: z.string(),
  agentRole: z.nullish(z.string()),
  taskDescription: z.nullish(z.string()),
  /** Instant, ISO 8601. */
  sentAt: z.nullish(z.string()),
});

/** See {@link tokenSchema}. */
export type Token = z.infer<typeof tokenSchema>;
