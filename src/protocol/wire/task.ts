import * as z from 'zod/mini';
import { wholeNumberSchema } from './value-schemas.ts';

/**
 * A task begins. `taskIndex` counts from 1 within the run; in a parallel run
 * tasks interleave, and in a hierarchical one only the manager has this message.
 */
export const taskStartedSchema = z.looseObject({
  type: z.literal('task_started'),
  taskIndex: wholeNumberSchema,
  totalTasks: z.number(),
  taskDescription: z.string(),
  agentRole: z.string(),
  /** Instant, ISO 8601. */
  startedAt: z.string(),
});

/** See {@link taskStartedSchema}. */
export type TaskStarted = z.infer<typeof taskStartedSchema>;

/**
 * What an agent is given to work on. For delegated work `taskIndex` is 0 and
 * `agentRole` the worker's: it belongs to a delegation, not to a task.
 */
export const taskInputSchema = z.looseObject({
  type: z.literal('task_input'),
  taskIndex: wholeNumberSchema,
  taskDescription: z.string(),
  expectedOutput: z.nullish(z.string()),
  agentRole: z.string(),
  agentGoal: z.nullish(z.string()),
  agentBackground: z.nullish(z.string()),
  toolNames: z.nullish(z.array(z.string())),
  /** The prompt, cut by the sender at 8,000 characters; a cut one ends with `... [truncated]`. */
  assembledContext: z.nullish(z.string()),
  /** Instant, ISO 8601. */
  sentAt: z.nullish(z.string()),
});

/** See {@link taskInputSchema}. */
export type TaskInput = z.infer<typeof taskInputSchema>;

/**
 * A task ended well. It carries no output: that is the last final answer of its
 * conversation, or its review's `taskOutput`, or the tokens that were streamed.
 */
export const taskCompletedSchema = z.looseObject({
  type: z.literal('task_completed'),
  taskIndex: wholeNumberSchema,
  totalTasks: z.number(),
  taskDescription: z.string(),
  agentRole: z.string(),
  /** Instant, ISO 8601. */
  completedAt: z.string(),
  durationMs: z.number(),
  /** -1 where it is not known. */
  tokenCount: z.number(),
  toolCallCount: z.number(),
});

/** See {@link taskCompletedSchema}. */
export type TaskCompleted = z.infer<typeof taskCompletedSchema>;

/**
 * A task failed, and with it its run: no `ensemble_completed` need follow.
 * A JVM exception may be without a message, so `reason` may be missing.
 */
export const taskFailedSchema = z.looseObject({
  type: z.literal('task_failed'),
  taskIndex: wholeNumberSchema,
  taskDescription: z.string(),
  agentRole: z.string(),
  /** Instant, ISO 8601. */
  failedAt: z.string(),
  reason: z.nullish(z.string()),
});

/** See {@link taskFailedSchema}. */
export type TaskFailed = z.infer<typeof taskFailedSchema>;
