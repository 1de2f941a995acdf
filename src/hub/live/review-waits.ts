import { type ReviewKey, reviewKey } from '../../protocol/tab/keys.ts';
import type { ReviewRequested, ReviewTimedOut } from '../../protocol/wire/review.ts';
import type { Change } from '../change.ts';
import type { LiveState } from '../live-state.ts';
import { type LogPosition, comparePositions } from '../logged-event.ts';
import type { RunState } from '../run-state.ts';
import { closeWait, endWait, openWait } from './end-wait.ts';
import { mark, type Place, type Step } from './step.ts';
import { addUnstartedTask } from './tasks.ts';
import type { WaitState } from './wait-state.ts';
import { touchWork } from './work-lifecycle.ts';
import { type TaskState, taskOf } from './work-state.ts';

/** How a review stands, as its ledger tells it. Times are milliseconds since the Unix epoch. */
export interface ReviewWait {
  readonly review: ReviewKey;
  readonly reviewId: string;
  readonly taskDescription: string;
  readonly fromMs: number;
  readonly toMs?: number;
  readonly isOpen: boolean;
  /** Where its request stands, or the place from which it is known. */
  readonly position: LogPosition;
}

/** A process begins to wait for a person, before, in or after a task. */
export function reviewRequested(step: Step, message: ReviewRequested): void {
  const { run } = step;
  if (run.waitsByReview.has(message.reviewId)) return;
  const task = taskOfReview(step, message);
  if (task !== undefined && (message.taskOutput ?? '') !== '') task.reviewedOutput = message.taskOutput ?? undefined;
  const review = reviewKey(step.live.producer, message.reviewId);
  const wait = addWait(step, { review, reviewId: message.reviewId, task, fromMs: step.at.atMs });
  if (run.phase.kind === 'ended') endWait(step, wait, step.at.atMs);
}

/** The process went on by itself. */
export function reviewTimedOut(step: Step, message: ReviewTimedOut): void {
  const wait = step.run.waitsByReview.get(message.reviewId);
  if (wait !== undefined) endWait(step, wait, step.at.atMs);
}

/** Takes over what the ledger says of a review; the same twice is as good as once. What the run showed itself stays. */
export function setReviewWait(live: LiveState, told: ReviewWait, changes: Change[]): void {
  const run = runOf(live, told.position);
  if (run === undefined) return;
  const place: Place = { live, run, changes };
  const task = taskOf(run.index.newestOfDescription(told.taskDescription));
  const wait = run.waitsByReview.get(told.reviewId) ?? addWait(place, { ...told, task });
  moveStart(place, wait, told.fromMs);
  if (!told.isOpen) setEnd(place, wait, told.toMs ?? wait.fromMs);
  else if (run.phase.kind === 'ended') endWait(place, wait, run.phase.atMs);
  else if (!wait.isOpen && !wait.hasEvidence) openWait(place, wait);
}

/** The newest run that began at this place or before it. */
function runOf(live: LiveState, position: LogPosition): RunState | undefined {
  for (let index = live.runs.length - 1; index >= 0; index -= 1) {
    const run = live.runs[index];
    if (run !== undefined && comparePositions(run.begins, position) <= 0) return run;
  }
  return undefined;
}

interface WaitFacts {
  readonly review: ReviewKey;
  readonly reviewId: string;
  readonly task: TaskState | undefined;
  readonly fromMs: number;
}

function addWait(place: Place, facts: WaitFacts): WaitState {
  const { run } = place;
  const order = run.waits.size + 1;
  const { review, task, fromMs } = facts;
  const wait: WaitState = {
    id: `w${order}`,
    order,
    review,
    task,
    fromMs,
    toMs: undefined,
    isOpen: false,
    hasEvidence: false,
  };
  run.waits.set(wait.id, wait);
  run.waitsByReview.set(facts.reviewId, wait);
  openWait(place, wait);
  return wait;
}

function moveStart(place: Place, wait: WaitState, fromMs: number): void {
  if (wait.fromMs === fromMs) return;
  wait.fromMs = fromMs;
  if (wait.toMs !== undefined) wait.toMs = Math.max(fromMs, wait.toMs);
  mark(place, 'waits', wait.id);
}

/** The run's own evidence tells the end better than the ledger's clock. */
function setEnd(place: Place, wait: WaitState, toMs: number): void {
  if (wait.isOpen) closeWait(place, wait, toMs);
  if (wait.hasEvidence || wait.toMs === toMs) return;
  wait.toMs = Math.max(wait.fromMs, toMs);
  mark(place, 'waits', wait.id);
}

/** Before its execution a task has not started: the review is then the first that is heard of it. */
function taskOfReview(step: Step, message: ReviewRequested): TaskState | undefined {
  const { index } = step.run;
  if (message.timing === 'BEFORE_EXECUTION') {
    return index.unstartedOf(message.taskDescription) ?? addUnstartedTask(step, message.taskDescription);
  }
  const work = index.newestOfDescription(message.taskDescription);
  touchWork(step, work);
  return taskOf(work);
}
