import * as z from 'zod/mini';
import { producerIdSchema, producerInfoSchema } from './envelope.ts';

/** A producer has connected to the server, for the first time or again after it had left. */
export const producerJoinedSchema = z.looseObject({
  type: z.literal('producer_joined'),
  producer: producerInfoSchema,
  /** Instant by the server's clock, ISO 8601. */
  joinedAt: z.nullish(z.string()),
});

/** See {@link producerJoinedSchema}. */
export type ProducerJoined = z.infer<typeof producerJoinedSchema>;

/** The last connection of a producer has ended. What it said stays readable. */
export const producerLeftSchema = z.looseObject({
  type: z.literal('producer_left'),
  producerId: producerIdSchema,
  /** Instant by the server's clock, ISO 8601. */
  leftAt: z.nullish(z.string()),
  reason: z.nullish(z.string()),
});

/** See {@link producerLeftSchema}. */
export type ProducerLeft = z.infer<typeof producerLeftSchema>;
