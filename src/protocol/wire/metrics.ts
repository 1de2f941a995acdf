import * as z from 'zod/mini';

/**
 * What an agent has used so far: totals, not increments, sent after an iteration.
 */
export const metricsSnapshotSchema = z.looseObject({
  type: z.literal('metrics_snapshot'),
  agentRole: z.string(),
  taskIndex: z.int(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  llmLatencyMs: z.number(),
  toolExecutionTimeMs: z.number(),
  iterationCount: z.number(),
  /** A decimal number, as text where the sender keeps its digits; the currency is the sender's. */
  costEstimate: z.nullish(z.union([z.string(), z.number()])),
});

/** See {@link metricsSnapshotSchema}. */
export type MetricsSnapshot = z.infer<typeof metricsSnapshotSchema>;
