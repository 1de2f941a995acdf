import * as z from 'zod/mini';

/** How a run ended, as far as is known. The set is open: another text is kept and shown as it is. */
export const EXIT_REASONS = ['COMPLETED', 'USER_EXIT_EARLY', 'TIMEOUT', 'ERROR'] as const;

/**
 * An ensemble begins a run. `totalTasks` is an announcement, not a promise: a
 * hierarchical run may announce two tasks and start one. Whatever run was open
 * before is over from here on.
 */
export const ensembleStartedSchema = z.looseObject({
  type: z.literal('ensemble_started'),
  ensembleId: z.string(),
  /** Instant, ISO 8601. */
  startedAt: z.string(),
  totalTasks: z.number(),
  /** `SEQUENTIAL`, `PARALLEL`, `HIERARCHICAL`, or what a later version calls its own. */
  workflow: z.string(),
});

/** See {@link ensembleStartedSchema}. */
export type EnsembleStarted = z.infer<typeof ensembleStartedSchema>;

/**
 * A run ends, for whatever reason. After a failed task it need not come at
 * all, and after an early exit the task that was under review gets no
 * `task_completed` before it.
 */
export const ensembleCompletedSchema = z.looseObject({
  type: z.literal('ensemble_completed'),
  ensembleId: z.string(),
  /** Instant, ISO 8601. */
  completedAt: z.string(),
  durationMs: z.number(),
  /** One of {@link EXIT_REASONS}, or unknown text. */
  exitReason: z.string(),
  /** -1 where it is not known. */
  totalTokens: z.number(),
  totalToolCalls: z.number(),
});

/** See {@link ensembleCompletedSchema}. */
export type EnsembleCompleted = z.infer<typeof ensembleCompletedSchema>;
