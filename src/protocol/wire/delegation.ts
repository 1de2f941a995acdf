import * as z from 'zod/mini';

/**
 * A manager hands a piece of work to a worker. The message has no time of its
 * own. What follows is a `task_input` with task index 0 and the worker's role,
 * and that worker's iterations on the same description.
 */
export const delegationStartedSchema = z.looseObject({
  type: z.literal('delegation_started'),
  delegationId: z.string(),
  delegatingAgentRole: z.string(),
  workerRole: z.string(),
  taskDescription: z.string(),
});

/** See {@link delegationStartedSchema}. */
export type DelegationStarted = z.infer<typeof delegationStartedSchema>;

/** The worker has answered. */
export const delegationCompletedSchema = z.looseObject({
  type: z.literal('delegation_completed'),
  delegationId: z.string(),
  delegatingAgentRole: z.string(),
  workerRole: z.string(),
  durationMs: z.number(),
});

/** See {@link delegationCompletedSchema}. */
export type DelegationCompleted = z.infer<typeof delegationCompletedSchema>;

/** The worker could not do it. The run may go on: the manager decides what that means. */
export const delegationFailedSchema = z.looseObject({
  type: z.literal('delegation_failed'),
  delegationId: z.string(),
  delegatingAgentRole: z.string(),
  workerRole: z.string(),
  reason: z.nullish(z.string()),
});

/** See {@link delegationFailedSchema}. */
export type DelegationFailed = z.infer<typeof delegationFailedSchema>;
