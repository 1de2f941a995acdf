import type { RunState } from '../run-state.ts';
import type { TaskState } from './work-state.ts';

const RUN_SUMS = ['inputTokens', 'outputTokens', 'toolCallsSeen', 'unknown', 'unreadable'] as const;
const TASK_SUMS = ['toolCalls', 'iterations'] as const;

/** What the events of a run that retention let go had counted: the sums go on from there. */
export type CarriedSums = Record<(typeof RUN_SUMS)[number], number>;

/** The same of a task. */
export type CarriedTaskSums = Record<(typeof TASK_SUMS)[number], number>;

/**
 * Makes a run that was reduced again count what it counted before: it stands on the events that are kept, and what retention let
 * go was tokens and tool calls all the same. `isLess`: more was let go since it was reduced last.
 */
export function carrySums(before: RunState, now: RunState, isLess: boolean): void {
  for (const name of RUN_SUMS) carry({ before, now, name }, isLess);
  for (const task of now.tasks.values()) carryTask(before.tasks.get(task.id), task, isLess);
}

/** Starts of tasks are never let go, so that a task has the id that it had. */
function carryTask(before: TaskState | undefined, now: TaskState, isLess: boolean): void {
  if (before?.taskIndex !== now.taskIndex || before.startedAt !== now.startedAt) return;
  for (const name of TASK_SUMS) carry({ before, now, name }, isLess);
}

type Counted<N extends string> = Record<N, number> & { readonly carried: Record<N, number> };

function carry<N extends string>(
  { before, now, name }: { readonly before: Counted<N>; readonly now: Counted<N>; readonly name: N },
  isLess: boolean,
): void {
  const known: number = before.carried[name];
  const carried = isLess ? Math.max(known, before[name] - now[name]) : known;
  Object.assign(now.carried, { [name]: carried });
  Object.assign(now, { [name]: now[name] + carried });
}
