import * as z from 'zod/mini';
import { parseInstant } from './instant.ts';
import { PRODUCER_ID_MAX_CHARS } from './limits.ts';
import { recordOf, wholeNumberSchema } from './value-schemas.ts';

/**
 * Free text that tells one producer of a source from another: 1 to 256
 * characters, not blank. It comes from peers: keep it in a `Map`, never as the
 * key of an object.
 */
export const producerIdSchema = z.string().check(
  z.refine((text) => text.length <= PRODUCER_ID_MAX_CHARS, {
    error: `must be at most ${PRODUCER_ID_MAX_CHARS} characters long`,
  }),
  z.refine((text) => text.trim() !== '', { error: 'must not be blank' }),
);

/** Who a producer says it is. Only its id is certain to be there. */
export const producerInfoSchema = z.looseObject({
  producerId: producerIdSchema,
  serviceName: z.nullish(z.string()),
  instanceId: z.nullish(z.string()),
  host: z.nullish(z.string()),
  version: z.nullish(z.string()),
  tags: z.nullish(recordOf(z.string())),
});

/** See {@link producerInfoSchema}. */
export type ProducerInfo = z.infer<typeof producerInfoSchema>;

/**
 * One message of one producer, with what it takes to put it in order.
 *
 * `sequence` starts at 1 for each publisher object and goes on when its socket
 * reconnects; a process that is restarted starts at 1 again. `receivedAt` is
 * stamped by the publisher's clock, in the order of its numbers. Both together
 * tell one life of a process from the next, so neither may be missing.
 *
 * `message` is not looked into here: whoever passes an envelope on need not
 * understand it, and whoever reads it decodes it once.
 */
export const envelopeSchema = z.looseObject({
  type: z.literal('event'),
  producer: producerInfoSchema,
  sequence: wholeNumberSchema.check(z.refine((value) => value >= 1, { error: 'must be at least 1' })),
  /** Instant, ISO 8601, up to nanoseconds. */
  receivedAt: z.string().check(
    z.refine((text) => parseInstant(text) !== undefined, {
      error: 'must be an instant like 2026-01-31T12:00:00.123456789Z',
    }),
  ),
  message: z.unknown(),
});

/** See {@link envelopeSchema}. */
export type Envelope = z.infer<typeof envelopeSchema>;
