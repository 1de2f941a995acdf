import * as z from 'zod/mini';
import type { Envelope, ProducerInfo } from './envelope.ts';
import type { IterationPair } from './llm-iteration.ts';

/**
 * The first frame of a relay or of a live-event hub, and what makes a source
 * one: who is there and what is still kept of what they said. Every member may
 * be missing. An iteration may come twice, in `iterationsByProducer` and as
 * messages in `snapshotTrace`.
 *
 * The members of its lists are judged one by one, so that a bad one harms
 * nothing else.
 */
export const hubHelloSchema = z.looseObject({
  type: z.literal('hub_hello'),
  producers: z.nullish(z.array(z.unknown())),
  /** Envelopes, oldest first. */
  snapshotTrace: z.nullish(z.array(z.unknown())),
  /** Keyed by producer id. */
  iterationsByProducer: z.nullish(z.record(z.string(), z.unknown())),
});

/** See {@link hubHelloSchema}; as the codec gives it, with its lists read. */
export type HubHello = Omit<z.infer<typeof hubHelloSchema>, 'producers' | 'snapshotTrace' | 'iterationsByProducer'> & {
  readonly producers?: readonly ProducerInfo[] | null | undefined;
  readonly snapshotTrace?: readonly Envelope[] | null | undefined;
  /** Read it with `Object.entries`: its keys are peers' text. */
  readonly iterationsByProducer?: Readonly<Record<string, readonly IterationPair[]>> | null | undefined;
};
