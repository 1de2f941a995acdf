import type { TaskEntity, TaskWord } from '../../protocol/tab/run-model.ts';
import { taskOutput } from '../live/body-text.ts';
import type { TaskState } from '../live/work-state.ts';
import type { RunState } from '../run-state.ts';
import { bodyOf, bodyRef } from './body.ts';
import { defined } from './defined.ts';

/** A task as its bar on the timeline. */
export function taskEntity(run: RunState, task: TaskState): TaskEntity {
  const state = taskWord(run, task);
  return {
    id: task.id,
    order: task.order,
    taskIndex: task.taskIndex,
    description: task.description,
    agentRole: task.role,
    state,
    toolCalls: task.saidToolCalls ?? task.toolCalls,
    iterations: task.iterations,
    ...defined({
      startedAtMs: task.startedAtMs,
      endedAtMs: endOfTask(run, task, state),
      durationMs: task.durationMs,
      failure: bodyOf(run, task.id, 'failure'),
      context: hasText(task.input?.assembledContext) ? bodyRef(run, task.id, 'context') : undefined,
      output: isOver(state) && hasText(taskOutput(task)) ? bodyRef(run, task.id, 'output') : undefined,
    }),
  };
}

function hasText(text: string | null | undefined): boolean {
  return text !== undefined && text !== null && text !== '';
}

function isOver(state: TaskWord): boolean {
  return state === 'completed' || state === 'failed' || state === 'ended';
}

function taskWord(run: RunState, task: TaskState): TaskWord {
  if (task.phase === 'completed' || task.phase === 'failed') return task.phase;
  if (!run.isAlive(task.lastStep)) return 'ended';
  if ((task.openWaits?.size ?? 0) > 0) return 'waiting for you';
  return task.phase === 'unstarted' ? 'pending' : 'running';
}

function endOfTask(run: RunState, task: TaskState, state: TaskWord): number | undefined {
  if (task.endedAtMs !== undefined || state !== 'ended' || task.startedAtMs === undefined) return task.endedAtMs;
  return Math.max(task.startedAtMs, run.endedAtMs ?? task.startedAtMs);
}
