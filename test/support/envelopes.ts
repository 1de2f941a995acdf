import { START_MS } from './hub-driver.ts';

/** Whose event it is, and which one; by default it was stamped a millisecond after the one before it. */
export interface EventPlace {
  readonly producerId: string;
  readonly sequence: number;
  readonly atMs?: number;
}

/** An event of a producer as a relay passes it on. */
export function envelope({ producerId, sequence, atMs }: EventPlace, message: unknown): Record<string, unknown> {
  const receivedAt = new Date(atMs ?? START_MS + sequence).toISOString();
  const producer = { producerId, serviceName: `service of ${producerId}` };
  return { type: 'event', producer, sequence, receivedAt, message };
}

/** The messages of a run with one task, in their order. */
export const SAID = {
  runStarted: (ensembleId = 'e1', totalTasks = 1) => ({
    type: 'ensemble_started',
    ensembleId,
    startedAt: iso(0),
    totalTasks,
    workflow: 'SEQUENTIAL',
  }),
  taskStarted: (taskIndex = 1, taskDescription = 'Draft') => ({
    type: 'task_started',
    taskIndex,
    totalTasks: 1,
    taskDescription,
    agentRole: 'Writer',
    startedAt: iso(10 * taskIndex),
  }),
  taskCompleted: (taskIndex = 1, taskDescription = 'Draft') => ({
    type: 'task_completed',
    taskIndex,
    totalTasks: 1,
    taskDescription,
    agentRole: 'Writer',
    completedAt: iso(10 * taskIndex + 5),
    durationMs: 5,
    tokenCount: -1,
    toolCallCount: 0,
  }),
  taskFailed: (reason: string) => ({
    type: 'task_failed',
    taskIndex: 1,
    taskDescription: 'Draft',
    agentRole: 'Writer',
    failedAt: iso(50),
    reason,
  }),
  runEnded: (ensembleId = 'e1', exitReason = 'COMPLETED') => ({
    type: 'ensemble_completed',
    ensembleId,
    completedAt: iso(100),
    durationMs: 100,
    exitReason,
    totalTokens: 580,
    totalToolCalls: 0,
  }),
  review: (reviewId = 'r1', more: Record<string, unknown> = {}) => ({
    type: 'review_requested',
    reviewId,
    taskDescription: 'Draft',
    taskOutput: 'text',
    timing: 'AFTER_EXECUTION',
    timeoutMs: 20_000,
    onTimeout: 'CONTINUE',
    ...more,
  }),
  token: (token: string) => ({ type: 'token', token, agentRole: 'Writer', taskDescription: 'Draft', sentAt: iso(12) }),
} as const;

function iso(ms: number): string {
  return new Date(START_MS + ms).toISOString();
}
