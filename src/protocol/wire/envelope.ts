import * as z from 'zod/mini';
import { parseInstant } from './instant.ts';
import { PRODUCER_ID_MAX_CHARS } from './limits.ts';
import { recordOf, wholeNumberSchema } from './value-schemas.ts';
import { isRecord } from './wire-value.ts';

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

/**
 * Whether a value is an {@link Envelope}: the same question as the schema's, answered in a fraction of the time, for what
 * takes in every event of everybody. The schema says what is wrong where this says no.
 */
export function isEnvelope(value: Readonly<Record<string, unknown>>): value is Envelope {
  const { type, producer, sequence, receivedAt } = value;
  if (type !== 'event' || !('message' in value) || !isProducerInfo(producer)) return false;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1) return false;
  return typeof receivedAt === 'string' && parseInstant(receivedAt) !== undefined;
}

function isProducerInfo(value: unknown): value is ProducerInfo {
  if (!isRecord(value)) return false;
  const { producerId, serviceName, instanceId, host, version, tags } = value;
  if (typeof producerId !== 'string' || producerId.length > PRODUCER_ID_MAX_CHARS || producerId.trim() === '')
    return false;
  return isText(serviceName) && isText(instanceId) && isText(host) && isText(version) && isTags(tags);
}

/** Text, or nothing. */
function isText(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isTags(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return isRecord(value) && Object.values(value).every((tag) => typeof tag === 'string');
}
