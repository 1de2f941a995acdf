import * as z from 'zod/mini';
import { decimalSchema, wholeNumberSchema } from './value-schemas.ts';

/**
 * What an agent has used so far: totals, not increments, sent after an iteration.
 */
export const metricsSnapshotSchema = z.looseObject({
  type: z.literal('metrics_snapshot'),
  agentRole: z.string(),
  taskIndex: wholeNumberSchema,
  inputTokens: z.number(),
  outputTokens: z.number(),
  llmLatencyMs: z.number(),
  toolExecutionTimeMs: z.number(),
  iterationCount: z.number(),
  /** In the currency of the sender. */
  costEstimate: z.nullish(decimalSchema),
});

/** See {@link metricsSnapshotSchema}. */
export type MetricsSnapshot = z.infer<typeof metricsSnapshotSchema>;
