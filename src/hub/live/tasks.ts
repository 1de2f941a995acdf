import { parseInstant } from '../../protocol/wire/instant.ts';
import type { TaskCompleted, TaskFailed, TaskInput, TaskStarted } from '../../protocol/wire/task.ts';
import { endWait } from './end-wait.ts';
import { mark, markRun, markRunTurned, type Step } from './step.ts';
import { closeParts, markWork, setWorkPhase, touchWork } from './work-lifecycle.ts';
import { type TaskState, type Work, createTask, isOpenWork } from './work-state.ts';

/** Who and what a message says a task is. */
interface Named {
  readonly taskIndex: number;
  readonly taskDescription: string;
  readonly agentRole: string;
}

/** A task begins; one that was reviewed before it began is that task. */
export function taskStarted(step: Step, message: TaskStarted): void {
  const known = step.run.index.taskOfIndex(message.taskIndex);
  announceTasks(step, message.totalTasks);
  if (known?.startedAt === message.startedAt && known.description === message.taskDescription) return;
  const task = startTask(step, message, step.at.atMs);
  task.startedAt = message.startedAt;
}

/** What a task or a delegated piece of work is given. */
export function taskInput(step: Step, message: TaskInput): void {
  const work = workOfInput(step, message);
  if (work === undefined) return;
  work.input = message;
  touchWork(step, work);
  markWork(step, work);
}

/** A task ended well. */
export function taskCompleted(step: Step, message: TaskCompleted): void {
  const durationMs = Math.max(0, message.durationMs);
  const task = endingTask(step, message) ?? startTask(step, message, step.at.atMs - durationMs);
  announceTasks(step, message.totalTasks);
  if (task.phase === 'failed') step.run.tasksFailed -= 1;
  finish(step, task, 'completed');
  task.durationMs = durationMs;
  task.endedAtMs = (task.startedAtMs ?? step.at.atMs - durationMs) + durationMs;
  task.failure = undefined;
  task.saidToolCalls = message.toolCallCount < 0 ? undefined : message.toolCallCount;
  markRun(step);
}

/** A task failed, and its run with it, whether or not the run says so. */
export function taskFailed(step: Step, message: TaskFailed): void {
  const { run, at } = step;
  const task = endingTask(step, message) ?? startTask(step, message, at.atMs);
  if (task.phase !== 'failed') run.tasksFailed += 1;
  finish(step, task, 'failed');
  task.endedAtMs = Math.max(task.startedAtMs ?? at.atMs, at.atMs);
  task.durationMs = task.endedAtMs - (task.startedAtMs ?? at.atMs);
  task.failure = message.reason ?? '';
  run.failure = task.failure;
  if (run.phase.kind === 'running') run.phase = { kind: 'failed', atMs: at.atMs, step: run.step };
  markRunTurned(step);
}

/** Makes room for what a message announces: the newest word counts, a manager knows better than its plan. */
export function announceTasks(step: Step, totalTasks: number): void {
  if (!Number.isFinite(totalTasks) || totalTasks < 0 || totalTasks === step.run.announcedTasks) return;
  step.run.announcedTasks = Math.floor(totalTasks);
  markRun(step);
}

/** Adds a task that is only known from a review before it. */
export function addUnstartedTask(step: Step, description: string): TaskState {
  const { run } = step;
  const task = createTask(run.tasks.size + 1, { taskIndex: 0, description, role: '' });
  task.lastStep = run.step;
  run.tasks.set(task.id, task);
  run.openParts += 1;
  run.index.addUnstarted(task);
  mark(step, 'tasks', task.id);
  return task;
}

function startTask(step: Step, named: Named, startedAtMs: number): TaskState {
  const { run } = step;
  const task = run.index.unstartedOf(named.taskDescription) ?? addTask(step, named);
  task.taskIndex = named.taskIndex;
  task.role = named.agentRole;
  task.startedAtMs = startedAtMs;
  task.lastStep = run.step;
  setWorkPhase(run, task, 'running');
  run.index.addTask(task);
  run.lastTask = task;
  run.tasksStarted += 1;
  for (const wait of task.openWaits ?? []) endWait(step, wait, step.at.atMs);
  mark(step, 'tasks', task.id);
  markRun(step);
  return task;
}

function addTask(step: Step, named: Named): TaskState {
  const { run } = step;
  const who = { taskIndex: named.taskIndex, description: named.taskDescription, role: named.agentRole };
  const task = createTask(run.tasks.size + 1, who);
  run.tasks.set(task.id, task);
  run.openParts += 1;
  return task;
}

/** The task that an end means: the newest of its number, unless that one has ended and is another. */
function endingTask(step: Step, message: Named): TaskState | undefined {
  const task = step.run.index.taskOfIndex(message.taskIndex);
  const isMeant = task !== undefined && (isOpenWork(task) || task.description === message.taskDescription);
  return isMeant ? task : undefined;
}

function finish(step: Step, task: TaskState, phase: 'completed' | 'failed'): void {
  if (isOpenWork(task)) step.run.tasksFinished += 1;
  setWorkPhase(step.run, task, phase);
  task.lastStep = step.run.step;
  for (const wait of task.openWaits ?? []) endWait(step, wait, step.at.atMs);
  closeParts(step, task, step.at.atMs);
  mark(step, 'tasks', task.id);
}

/** What is delegated has no task number: what it is to do tells whose it is. A number that is new is a task whose start was missed. */
function workOfInput(step: Step, message: TaskInput): Work | undefined {
  const { index } = step.run;
  if (message.taskIndex <= 0) return index.findPair(message.agentRole, message.taskDescription)?.works.newest();
  const sentAtMs = parseInstant(message.sentAt ?? '')?.ms ?? step.at.atMs;
  return index.taskOfIndex(message.taskIndex) ?? startTask(step, message, sentAtMs);
}
