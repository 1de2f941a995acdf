import { instant } from './live-story.ts';

/** Members that differ from what a message says by default. */
type Other = Readonly<Record<string, unknown>>;

/** A run begins. */
export function ensembleStarted(ensembleId: string, other: Other = {}): Other {
  return {
    type: 'ensemble_started',
    ensembleId,
    startedAt: instant(0),
    totalTasks: 2,
    workflow: 'SEQUENTIAL',
    ...other,
  };
}

/** A run ends. */
export function ensembleCompleted(ensembleId: string, other: Other = {}): Other {
  return {
    type: 'ensemble_completed',
    ensembleId,
    completedAt: instant(60_000),
    durationMs: 60_000,
    exitReason: 'COMPLETED',
    totalTokens: -1,
    totalToolCalls: -1,
    ...other,
  };
}

/** Task 1 is `Task 1` of `Agent 1`, and so on. */
export function taskStarted(taskIndex: number, other: Other = {}): Other {
  return { type: 'task_started', ...task(taskIndex), totalTasks: 2, startedAt: instant(1000 * taskIndex), ...other };
}

/** What a task is given. */
export function taskInput(taskIndex: number, other: Other = {}): Other {
  return {
    type: 'task_input',
    ...task(taskIndex),
    expectedOutput: 'An answer',
    agentGoal: 'To answer',
    toolNames: [],
    assembledContext: 'The whole prompt',
    sentAt: instant(1000 * taskIndex + 10),
    ...other,
  };
}

/** A task ends well. */
export function taskCompleted(taskIndex: number, other: Other = {}): Other {
  return {
    type: 'task_completed',
    ...task(taskIndex),
    totalTasks: 2,
    completedAt: instant(30_000),
    durationMs: 500,
    tokenCount: -1,
    toolCallCount: -1,
    ...other,
  };
}

/** A task fails. */
export function taskFailed(taskIndex: number, other: Other = {}): Other {
  return { type: 'task_failed', ...task(taskIndex), failedAt: instant(30_000), reason: 'no reason', ...other };
}

/** A tool was called. */
export function toolCalled(toolName: string, other: Other = {}): Other {
  return { type: 'tool_called', agentRole: 'Agent 1', taskIndex: 0, toolName, durationMs: 5, ...other };
}

/** One role hands work to another. */
export function delegationStarted(delegationId: string, other: Other = {}): Other {
  return { type: 'delegation_started', ...delegation(delegationId), taskDescription: `Part ${delegationId}`, ...other };
}

/** The worker has answered. */
export function delegationCompleted(delegationId: string, other: Other = {}): Other {
  return { type: 'delegation_completed', ...delegation(delegationId), durationMs: 40, ...other };
}

/** The worker could not do it. */
export function delegationFailed(delegationId: string, other: Other = {}): Other {
  return { type: 'delegation_failed', ...delegation(delegationId), reason: 'too hard', ...other };
}

/** A model is asked. */
export function asked(iterationIndex: number, other: Other = {}): Other {
  return {
    type: 'llm_iteration_started',
    ...talk(),
    iterationIndex,
    messages: [{ role: 'user', content: `Question ${iterationIndex}` }],
    ...other,
  };
}

/** A model answers. */
export function answered(iterationIndex: number, other: Other = {}): Other {
  return {
    type: 'llm_iteration_completed',
    ...talk(),
    iterationIndex,
    responseType: 'FINAL_ANSWER',
    responseText: `Answer ${iterationIndex}`,
    inputTokens: 10,
    outputTokens: 5,
    latencyMs: 100,
    ...other,
  };
}

/** A piece of an answer. */
export function token(text: string, other: Other = {}): Other {
  return { type: 'token', token: text, ...talk(), sentAt: instant(0), ...other };
}

/** A process waits for a person. */
export function reviewRequested(reviewId: string, other: Other = {}): Other {
  return {
    type: 'review_requested',
    reviewId,
    taskDescription: 'Task 1',
    taskOutput: '',
    timing: 'AFTER_EXECUTION',
    timeoutMs: 0,
    onTimeout: 'CONTINUE',
    ...other,
  };
}

function task(taskIndex: number): Other {
  return { taskIndex, taskDescription: `Task ${taskIndex}`, agentRole: `Agent ${taskIndex}` };
}

function talk(): Other {
  return { agentRole: 'Agent 1', taskDescription: 'Task 1' };
}

function delegation(delegationId: string): Other {
  return { delegationId, delegatingAgentRole: 'Agent 1', workerRole: 'Worker' };
}
