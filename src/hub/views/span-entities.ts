import type {
  DelegationEntity,
  GapEntity,
  IterationSpanEntity,
  ReviewWaitEntity,
} from '../../protocol/tab/run-model.ts';
import type { IterationState } from '../live/conversation-state.ts';
import type { GapState } from '../live/gaps.ts';
import type { WaitState } from '../live/wait-state.ts';
import { type DelegationState, taskOf } from '../live/work-state.ts';
import type { RunState } from '../run-state.ts';
import { bodyOf } from './body.ts';
import { defined } from './defined.ts';

/** A delegation as its bar below the task that delegated. */
export function delegationEntity(run: RunState, delegation: DelegationState): DelegationEntity {
  const isCut = delegation.phase === 'running' && !run.isAlive(delegation.lastStep);
  return {
    id: delegation.id,
    order: delegation.order,
    delegatingRole: delegation.delegatingRole,
    workerRole: delegation.role,
    description: delegation.description,
    state: isCut || delegation.phase === 'unstarted' ? 'ended' : delegation.phase,
    startedAtMs: delegation.startedAtMs,
    isEstimated: delegation.isEstimated,
    ...defined({
      taskId: delegation.task?.id,
      endedAtMs: isCut ? endOfRun(run, delegation) : delegation.endedAtMs,
      durationMs: delegation.durationMs,
      failure: bodyOf(run, delegation.id, 'failure'),
    }),
  };
}

/** An iteration as the span that it took. */
export function iterationSpan(run: RunState, iteration: IterationState): IterationSpanEntity {
  const { conversation } = iteration;
  const isCut = iteration.phase === 'running' && !run.isAlive(conversation.lastStep);
  return {
    id: iteration.id,
    order: iteration.order,
    agentRole: conversation.role,
    iterationIndex: iteration.index,
    state: isCut ? 'ended' : iteration.phase,
    startedAtMs: iteration.startedAtMs,
    isEstimated: iteration.isEstimated,
    ...defined({
      taskId: taskOf(conversation.owner)?.id,
      endedAtMs: isCut ? endOfRun(run, iteration) : iteration.endedAtMs,
    }),
  };
}

/** The time that a run waited for a person. */
export function waitEntity(wait: WaitState): ReviewWaitEntity {
  const { id, order, review, fromMs, isOpen } = wait;
  return { id, order, review, fromMs, isOpen, ...defined({ taskId: wait.task?.id, toMs: wait.toMs }) };
}

/** A place where events are missing. */
export function gapEntity({ id, order, note, events, atMs }: GapState): GapEntity {
  return { id, order, kind: note.kind, events, atMs };
}

function endOfRun(run: RunState, part: { readonly startedAtMs: number }): number {
  return Math.max(part.startedAtMs, run.endedAtMs ?? part.startedAtMs);
}
