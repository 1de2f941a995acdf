import type { GapEntity, TaskEntity, TaskWord } from '../../protocol/tab/run-model.ts';
import { countOf } from '../format/count.ts';
import { measuredDuration } from '../format/duration.ts';
import type { Lane } from './lane.ts';

/** A task's name for those who do not see its bar: what it is, and its state in words. */
export function taskName(task: Pick<TaskEntity, 'description' | 'state'>): string {
  return `${task.description}, ${task.state}`;
}

/** What a pointer at a task reads: name, agent, how long. */
export function taskHint(task: TaskEntity): string {
  const took = task.durationMs === undefined ? [] : [measuredDuration(task.durationMs)];
  return [taskName(task), task.agentRole, ...took].join(' · ');
}

/** The states that a lane's note counts, what needs a look first. */
const NOTED: readonly TaskWord[] = ['waiting for you', 'running', 'failed'];

/** The second line of a lane: its one task, or how its many stand. */
export function laneNote(lane: Lane): string {
  const task = lane.anyTask();
  if (task === undefined) return 'delegated work';
  if (lane.taskCount === 1) return oneTaskNote(task);
  const states = NOTED.filter((state) => lane.countOf(state) > 0).map((state) => `${lane.countOf(state)} ${state}`);
  return [countOf(lane.taskCount, 'task'), ...states].join(' · ');
}

function oneTaskNote(task: TaskEntity): string {
  const number = task.taskIndex > 0 ? `task ${task.taskIndex}` : '1 task';
  if (task.state !== 'completed') return `${number} · ${task.state}`;
  return task.iterations > 0 ? `${number} · ${countOf(task.iterations, 'iteration')}` : number;
}

/** What is said about tasks that were announced and have not started. */
export function pendingNote(count: number): string {
  return `${countOf(count, 'task')} ${count === 1 ? 'has' : 'have'} not started`;
}

/** What is said at a gap. */
export function gapNote(gap: Pick<GapEntity, 'kind' | 'events'>): string {
  const events = countOf(gap.events, 'event');
  return gap.kind === 'missing' ? `${events} missing` : `${events} before this not seen`;
}
