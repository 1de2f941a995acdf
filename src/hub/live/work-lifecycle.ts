import type { RunState } from '../run-state.ts';
import { closeConversation } from './conversation-lifecycle.ts';
import { mark, markRun, type Place, type Step } from './step.ts';
import { type Work, type WorkPhase, isOpenWork, taskOf } from './work-state.ts';

/** Moves a piece of work into another phase and keeps count of what is open. */
export function setWorkPhase(run: RunState, work: Work, phase: WorkPhase): void {
  const wasOpen = isOpenWork(work);
  work.phase = phase;
  run.openParts += Number(isOpenWork(work)) - Number(wasOpen);
}

/** Says that a piece of work is new or differs. */
export function markWork(place: Place, work: Work): void {
  mark(place, work.kind === 'task' ? 'tasks' : 'delegations', work.id);
}

/** Notes that work was heard of: what a failure beside it seemed to have ended goes on. */
export function touchWork(step: Step, work: Work | undefined): void {
  if (work === undefined) return;
  touchOne(step, work);
  const task = taskOf(work);
  if (task !== undefined && task !== work) touchOne(step, task);
}

/**
 * Ends what goes on inside a piece of work that has ended itself: its conversations, the work it delegated, and theirs.
 * Each is ended once, so that this costs no more than beginning them did.
 */
export function closeParts(step: Step, work: Work, atMs: number): void {
  const pending: Work[] = [work];
  for (const current of pending) {
    const phase = current.phase === 'completed' ? 'completed' : 'ended';
    for (const conversation of current.openConversations ?? []) closeConversation(step, conversation, { phase, atMs });
    for (const delegation of current.openDelegations ?? []) {
      setWorkPhase(step.run, delegation, 'ended');
      delegation.endedAtMs = Math.max(delegation.startedAtMs, atMs);
      markWork(step, delegation);
      pending.push(delegation);
    }
    current.openConversations = undefined;
    current.openDelegations = undefined;
  }
}

function touchOne(step: Step, work: Work): void {
  const wasAlive = step.run.isAlive(work.lastStep);
  work.lastStep = step.run.step;
  if (wasAlive || !isOpenWork(work) || !step.run.isAlive(work.lastStep)) return;
  markWork(step, work);
  markRun(step);
}
