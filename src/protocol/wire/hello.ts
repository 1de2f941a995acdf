import * as z from 'zod/mini';
import { iterationPairSchema } from './llm-iteration.ts';

const helloShape = {
  type: z.literal('hello'),
  ensembleId: z.nullish(z.string()),
  /** Instant, ISO 8601. */
  startedAt: z.nullish(z.string()),
  /** Ensemble messages, oldest first; each is to be read by `decodeEnsembleMessage`. */
  snapshotTrace: z.nullish(z.array(z.unknown())),
  sharedCapabilities: z.optional(z.unknown()),
};

/**
 * The first frame of an embedded dashboard, and what makes a source one. It
 * repeats the messages of up to ten runs, so that a viewer who joins late knows
 * what happened, and may be entirely empty. Open reviews are not in it.
 * `recentIterations` are the last few of each task, of the newest run.
 */
export const helloSchema = z.looseObject({
  ...helloShape,
  recentIterations: z.nullish(z.array(iterationPairSchema)),
});

/** See {@link helloSchema}. */
export type Hello = z.infer<typeof helloSchema>;

/**
 * The same before its iterations have been looked at: the codec judges them one
 * by one, so that a bad one harms nothing else.
 */
export const helloFrameSchema = z.looseObject({
  ...helloShape,
  recentIterations: z.nullish(z.array(z.unknown())),
});
