import * as z from 'zod/mini';
import { envelopeSchema, producerInfoSchema } from './envelope.ts';
import { iterationPairSchema } from './llm-iteration.ts';
import { recordOf } from './value-schemas.ts';

/**
 * The first frame of a relay or of a live-event hub, and what makes a source
 * one: who is there and what is still kept of what they said. Every member may
 * be missing. An iteration may come twice, in `iterationsByProducer` and as
 * messages in `snapshotTrace`.
 */
export const hubHelloSchema = z.looseObject({
  type: z.literal('hub_hello'),
  producers: z.nullish(z.array(producerInfoSchema)),
  /** Oldest first. */
  snapshotTrace: z.nullish(z.array(envelopeSchema)),
  /** Keyed by producer id, which is peers' text: read it with `Object.entries`. */
  iterationsByProducer: z.nullish(recordOf(z.array(iterationPairSchema))),
});

/** See {@link hubHelloSchema}. */
export type HubHello = z.infer<typeof hubHelloSchema>;

/**
 * The same before the members of its lists have been looked at: the codec judges
 * them one by one, so that a bad one harms nothing else.
 */
export const hubHelloFrameSchema = z.looseObject({
  type: z.literal('hub_hello'),
  producers: z.nullish(z.array(z.unknown())),
  snapshotTrace: z.nullish(z.array(z.unknown())),
  iterationsByProducer: z.nullish(recordOf(z.unknown())),
});
