/** A run begins. */
export const STARTED = {
  type: 'ensemble_started',
  ensembleId: 'e1',
  startedAt: '2026-11-22T12:00:00Z',
  totalTasks: 1,
  workflow: 'SEQUENTIAL',
};

/** Its task begins. */
export const TASK = {
  type: 'task_started',
  taskIndex: 1,
  totalTasks: 1,
  taskDescription: 'Draft',
  agentRole: 'Writer',
  startedAt: '2026-11-22T12:00:01Z',
};

/** The process waits for a person. */
export const REVIEW = {
  type: 'review_requested',
  reviewId: 'r1',
  taskDescription: 'Draft',
  taskOutput: 'The tide',
  timing: 'AFTER_EXECUTION',
  timeoutMs: 300_000,
  onTimeout: 'CONTINUE',
};
