import type {
  DelegationEntity,
  IterationSpanEntity,
  ReviewWaitEntity,
  TaskEntity,
  TaskWord,
  ToolMarkEntity,
} from '../../protocol/tab/run-model.ts';
import type { Span, Tone } from './span.ts';

const TASK_TONES: Record<TaskWord, Tone> = {
  pending: 'ended',
  running: 'running',
  'waiting for you': 'waiting',
  completed: 'done',
  failed: 'failed',
  ended: 'ended',
};

const WORK_TONES: Record<DelegationEntity['state'], Tone> = {
  running: 'running',
  completed: 'done',
  failed: 'failed',
  ended: 'ended',
};

/** True for a tool call that did not end well; a word that is not known is no failure. */
export function isFailedOutcome(outcome: string | undefined): boolean {
  return outcome !== undefined && /^(?:fail|error)/i.test(outcome);
}

/** A task's bar; undefined while it has not begun, unless it waits for a review before that: then it is there from the wait on. */
export function spanOfTask(task: TaskEntity, waitFromMs: number | undefined): Span | undefined {
  const startMs = task.startedAtMs ?? waitFromMs;
  if (startMs === undefined) return undefined;
  return {
    id: task.id,
    kind: 'task',
    taskId: task.id,
    order: task.order,
    startMs,
    endMs: task.endedAtMs,
    tone: TASK_TONES[task.state],
    label: task.description,
    isEstimated: false,
  };
}

/** An iteration's small bar. */
export function spanOfIteration(iteration: IterationSpanEntity): Span {
  return {
    id: iteration.id,
    kind: 'iteration',
    taskId: iteration.taskId,
    order: iteration.order,
    startMs: iteration.startedAtMs,
    endMs: iteration.endedAtMs,
    tone: WORK_TONES[iteration.state],
    label: `iteration ${iteration.iterationIndex + 1}`,
    isEstimated: iteration.isEstimated,
  };
}

/** A delegation's small bar. */
export function spanOfDelegation(delegation: DelegationEntity): Span {
  return {
    id: delegation.id,
    kind: 'delegation',
    taskId: delegation.taskId,
    order: delegation.order,
    startMs: delegation.startedAtMs,
    endMs: delegation.endedAtMs,
    tone: WORK_TONES[delegation.state],
    label: `${delegation.workerRole}: ${delegation.description}`,
    isEstimated: delegation.isEstimated,
  };
}

/** A tool call's mark, at its end. */
export function spanOfTool(mark: ToolMarkEntity): Span {
  return {
    id: mark.id,
    kind: 'tool',
    taskId: mark.taskId,
    order: mark.order,
    startMs: mark.atMs,
    endMs: mark.atMs,
    tone: isFailedOutcome(mark.outcome) ? 'failed' : 'done',
    label: mark.toolName,
    isEstimated: mark.isEstimated,
  };
}

/** The wait for a person. */
export function spanOfWait(wait: ReviewWaitEntity): Span {
  return {
    id: wait.id,
    kind: 'wait',
    taskId: wait.taskId,
    order: wait.order,
    startMs: wait.fromMs,
    endMs: wait.isOpen ? undefined : (wait.toMs ?? wait.fromMs),
    tone: wait.isOpen ? 'waiting' : 'ended',
    label: wait.isOpen ? 'waits for you' : 'was reviewed',
    isEstimated: false,
  };
}
