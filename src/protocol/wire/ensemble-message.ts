import type * as z from 'zod/mini';
import { delegationCompletedSchema, delegationFailedSchema, delegationStartedSchema } from './delegation.ts';
import { ensembleCompletedSchema, ensembleStartedSchema } from './ensemble.ts';
import { fileChangedSchema } from './file-change.ts';
import { heartbeatSchema } from './liveness.ts';
import { llmIterationCompletedSchema, llmIterationStartedSchema } from './llm-iteration.ts';
import { metricsSnapshotSchema } from './metrics.ts';
import { reviewRequestedSchema, reviewTimedOutSchema } from './review.ts';
import { schemasByType } from './schemas-by-type.ts';
import { taskCompletedSchema, taskFailedSchema, taskInputSchema, taskStartedSchema } from './task.ts';
import { tokenSchema } from './token.ts';
import { toolCalledSchema } from './tool-call.ts';
import { describeInvalid, isRecord } from './wire-value.ts';

/** Every message of an ensemble that this version understands, one schema each. */
export const ENSEMBLE_SCHEMAS = [
  ensembleStartedSchema,
  ensembleCompletedSchema,
  taskStartedSchema,
  taskInputSchema,
  taskCompletedSchema,
  taskFailedSchema,
  toolCalledSchema,
  delegationStartedSchema,
  delegationCompletedSchema,
  delegationFailedSchema,
  reviewRequestedSchema,
  reviewTimedOutSchema,
  llmIterationStartedSchema,
  llmIterationCompletedSchema,
  tokenSchema,
  fileChangedSchema,
  metricsSnapshotSchema,
  heartbeatSchema,
] as const;

/** What one ensemble says: as frames of an embedded dashboard, as the `message` of an envelope elsewhere. */
export type EnsembleMessage = z.infer<(typeof ENSEMBLE_SCHEMAS)[number]>;

/**
 * The types that are repeated to a viewer who joins an embedded dashboard late,
 * and by which its greeting is compared with what is already known.
 */
export const DURABLE_TYPES: ReadonlySet<string> = new Set([
  'ensemble_started',
  'task_started',
  'task_input',
  'task_completed',
  'task_failed',
  'tool_called',
  'delegation_started',
  'delegation_completed',
  'delegation_failed',
  'ensemble_completed',
  'file_changed',
]);

/** The types of a conversation: the first that go when space must be made. */
export const ITERATION_TYPES: ReadonlySet<string> = new Set(['llm_iteration_started', 'llm_iteration_completed']);

/** The types that are of the moment and never kept. */
export const EPHEMERAL_TYPES: ReadonlySet<string> = new Set(['token', 'heartbeat', 'pong']);

/**
 * Types that processes are known to send and this version gives no meaning:
 * they are kept and shown as they are, like any other unknown type.
 */
export const RAW_TYPES = [
  'task_accepted',
  'task_progress',
  'task_response',
  'tool_response',
  'directive_ack',
  'directive_active',
  'capability_response',
  'capacity_update',
  'profile_applied',
  'run_ack',
  'run_result',
  'run_control_ack',
  'subscribe_ack',
] as const;

const SCHEMAS = schemasByType(ENSEMBLE_SCHEMAS);

/** What {@link decodeEnsembleMessage} found. */
export type DecodedMessage =
  | { readonly kind: 'known'; readonly message: EnsembleMessage }
  | {
      readonly kind: 'unknown';
      readonly type: string;
      readonly message: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * What a message of an ensemble says. Never throws. The message is the very
 * object that came in, with every member that this version does not know;
 * a type it does not know is `unknown`, not an error. `reason` is a sentence.
 */
export function decodeEnsembleMessage(value: unknown): DecodedMessage {
  if (!isRecord(value)) return { kind: 'unreadable', reason: 'The message is not a JSON object.' };
  const type = value['type'];
  if (typeof type !== 'string') {
    return { kind: 'unreadable', reason: 'The message has no text member "type".' };
  }
  const schema = SCHEMAS.get(type);
  if (schema === undefined) return { kind: 'unknown', type, message: value };
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { kind: 'unreadable', reason: describeInvalid(type, parsed.error) };
  // The schemas check and never transform, and the copy they make lacks what an object literal
  // cannot hold (a member named __proto__): the original is the lossless one.
  return { kind: 'known', message: value as EnsembleMessage };
}
