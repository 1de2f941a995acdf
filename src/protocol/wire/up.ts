import type * as z from 'zod/mini';
import { pingSchema } from './liveness.ts';
import { reviewDecisionSchema } from './review.ts';

/** Every frame a viewer sends to a server, one schema each. */
export const UP_SCHEMAS = [pingSchema, reviewDecisionSchema] as const;

/** What a viewer says to a server, whichever kind it is. */
export type UpMessage = z.infer<(typeof UP_SCHEMAS)[number]>;
