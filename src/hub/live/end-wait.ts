import { mark, markRun, type Place } from './step.ts';
import type { WaitState } from './wait-state.ts';

/** The run went on: nobody is waited for any more, whoever says so later. */
export function endWait(place: Place, wait: WaitState, atMs: number): void {
  wait.hasEvidence = true;
  closeWait(place, wait, atMs);
}

/** Closes a wait, with the time until which it lasted. */
export function closeWait(place: Place, wait: WaitState, atMs: number): void {
  if (!wait.isOpen) return;
  wait.isOpen = false;
  wait.toMs = Math.max(wait.fromMs, atMs);
  place.run.openWaits.delete(wait);
  wait.task?.openWaits?.delete(wait);
  markWait(place, wait);
}

/** Opens a wait, or opens it again. */
export function openWait(place: Place, wait: WaitState): void {
  wait.isOpen = true;
  wait.toMs = undefined;
  place.run.openWaits.add(wait);
  if (wait.task !== undefined) (wait.task.openWaits ??= new Set()).add(wait);
  markWait(place, wait);
}

function markWait(place: Place, wait: WaitState): void {
  mark(place, 'waits', wait.id);
  if (wait.task !== undefined) mark(place, 'tasks', wait.task.id);
  markRun(place);
}
