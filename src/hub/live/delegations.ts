import type { DelegationCompleted, DelegationFailed, DelegationStarted } from '../../protocol/wire/delegation.ts';
import { placeLater } from './event-time.ts';
import { mark, type Step } from './step.ts';
import { closeParts, setWorkPhase, touchWork } from './work-lifecycle.ts';
import { type DelegationState, type Work, createDelegation, isOpenWork } from './work-state.ts';

/** What is said of a delegation that begins, or of which only the end is known. */
interface Named {
  readonly delegationId: string;
  readonly delegatingAgentRole: string;
  readonly workerRole: string;
  readonly taskDescription?: string;
}

/** One role hands work to another. A repeat of one that runs changes nothing. */
export function delegationStarted(step: Step, message: DelegationStarted): void {
  const known = step.run.delegationsByWireId.get(message.delegationId);
  if (known !== undefined && isOpenWork(known)) return;
  const delegation = addDelegation(step, message, step.at.atMs);
  placeLater(step, 'delegation', delegation.id);
}

/** The worker has answered. */
export function delegationCompleted(step: Step, message: DelegationCompleted): void {
  const durationMs = Math.max(0, message.durationMs);
  const delegation = endingDelegation(step, message, step.at.atMs - durationMs);
  delegation.durationMs = durationMs;
  delegation.endedAtMs = delegation.startedAtMs + durationMs;
  delegation.failure = undefined;
  finish(step, delegation, 'completed');
}

/** The worker could not do it. */
export function delegationFailed(step: Step, message: DelegationFailed): void {
  const delegation = endingDelegation(step, message, step.at.atMs);
  delegation.endedAtMs = Math.max(delegation.startedAtMs, step.at.atMs);
  delegation.durationMs = delegation.endedAtMs - delegation.startedAtMs;
  delegation.failure = message.reason ?? '';
  finish(step, delegation, 'failed');
}

function addDelegation(step: Step, named: Named, startedAtMs: number): DelegationState {
  const { run, at } = step;
  const parent = workOfDelegator(step, named.delegatingAgentRole);
  const delegation = createDelegation(run.delegations.size + 1, {
    delegationId: named.delegationId,
    delegatingRole: named.delegatingAgentRole,
    role: named.workerRole,
    description: named.taskDescription ?? '',
    parent,
    startedAtMs,
    isEstimated: at.isEstimated,
  });
  delegation.lastStep = run.step;
  run.delegations.set(delegation.id, delegation);
  run.delegationsByWireId.set(named.delegationId, delegation);
  run.index.addDelegation(delegation);
  run.openParts += 1;
  if (parent !== undefined) (parent.openDelegations ??= new Set()).add(delegation);
  touchWork(step, parent);
  mark(step, 'delegations', delegation.id);
  return delegation;
}

/** A worker that delegates further is itself under a task. */
function workOfDelegator(step: Step, role: string): Work | undefined {
  const { index } = step.run;
  return index.newestTaskOfRole(role) ?? index.newestDelegationTo(role) ?? index.newestTask();
}

function endingDelegation(step: Step, message: Named, startedAtMs: number): DelegationState {
  const known = step.run.delegationsByWireId.get(message.delegationId);
  return known ?? addDelegation(step, message, startedAtMs);
}

function finish(step: Step, delegation: DelegationState, phase: 'completed' | 'failed'): void {
  setWorkPhase(step.run, delegation, phase);
  delegation.parent?.openDelegations?.delete(delegation);
  touchWork(step, delegation);
  closeParts(step, delegation, Math.max(delegation.startedAtMs, step.at.atMs));
  mark(step, 'delegations', delegation.id);
}
