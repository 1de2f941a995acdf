import * as z from 'zod/mini';
import type { IterationPair } from './llm-iteration.ts';

/**
 * The first frame of an embedded dashboard, and what makes a source one. It
 * repeats the messages of up to ten runs, so that a viewer who joins late knows
 * what happened, and may be entirely empty. Open reviews are not in it.
 *
 * The members of its lists are judged one by one, so that a bad one harms
 * nothing else: a message by `decodeEnsembleMessage`, an iteration by the codec.
 */
export const helloSchema = z.looseObject({
  type: z.literal('hello'),
  ensembleId: z.nullish(z.string()),
  /** Instant, ISO 8601. */
  startedAt: z.nullish(z.string()),
  /** Ensemble messages, oldest first. */
  snapshotTrace: z.nullish(z.array(z.unknown())),
  sharedCapabilities: z.optional(z.unknown()),
  /** Iterations of the newest run, the last few of each task. */
  recentIterations: z.nullish(z.array(z.unknown())),
});

/** See {@link helloSchema}; as the codec gives it, with its iterations read. */
export type Hello = Omit<z.infer<typeof helloSchema>, 'recentIterations'> & {
  readonly recentIterations?: readonly IterationPair[] | null | undefined;
};
