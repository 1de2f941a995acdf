import type { ToolCalled } from '../../protocol/wire/tool-call.ts';
import { placeLater } from './event-time.ts';
import { mark, markRun, type Step } from './step.ts';
import { touchWork } from './work-lifecycle.ts';
import { type TaskState, taskOf } from './work-state.ts';

/** A tool that was called and has returned. */
export interface ToolCallState {
  readonly id: string;
  readonly order: number;
  readonly task: TaskState | undefined;
  readonly message: ToolCalled;
  readonly durationMs: number;
  /** Its end. */
  atMs: number;
  readonly isEstimated: boolean;
}

/** A tool was called and has returned. */
export function toolCalled(step: Step, message: ToolCalled): void {
  const { run, at } = step;
  const task = taskOfCall(step, message);
  const order = run.toolCalls.size + 1;
  const call: ToolCallState = {
    id: `x${order}`,
    order,
    task,
    message,
    durationMs: Math.max(0, message.durationMs),
    atMs: at.atMs,
    isEstimated: at.isEstimated,
  };
  run.toolCalls.set(call.id, call);
  run.toolCallsSeen += 1;
  placeLater(step, 'toolCall', call.id);
  mark(step, 'toolMarks', call.id);
  mark(step, 'toolCalls', call.id);
  markRun(step);
  if (task !== undefined) countCall(step, task, message);
}

function countCall(step: Step, task: TaskState, message: ToolCalled): void {
  task.toolCalls += 1;
  task.lastTool = message.toolName;
  touchWork(step, task);
  mark(step, 'tasks', task.id);
}

/** By its number; else the newest running task of the role, or the task for which that role works, or the newest task. */
function taskOfCall(step: Step, message: ToolCalled): TaskState | undefined {
  const { index } = step.run;
  const ofIndex = message.taskIndex > 0 ? index.taskOfIndex(message.taskIndex) : undefined;
  if (ofIndex !== undefined) return ofIndex;
  const ofRole = index.newestTaskOfRole(message.agentRole);
  return ofRole ?? taskOf(index.newestDelegationTo(message.agentRole)) ?? index.newestTask();
}
