import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import type { RunHead, RunSummary } from '../../protocol/tab/run-model.ts';
import type { LiveState } from '../live-state.ts';
import { currentTask } from '../live/current-task.ts';
import type { RunState } from '../run-state.ts';
import { bodyOf } from './body.ts';
import { defined } from './defined.ts';

/** The header over one run of a producer; `run` is absent while it has none. */
export function runHead(producer: RosterEntity, live: LiveState | undefined, run: RunState | undefined): RunHead {
  const runs = (live?.runs ?? []).map(runSummary);
  if (run === undefined) return { producer, runs, title: '', tokens: 0, toolCalls: 0, tasksPending: 0 };
  return {
    producer,
    runs,
    run: runSummary(run),
    title: runTitle(run),
    tokens: run.tokens,
    toolCalls: run.toolCallCount,
    tasksPending: run.endedAtMs === undefined ? run.tasksTotal - run.tasksStarted : 0,
    ...defined({
      letGo: run.letGo > 0 ? run.letGo : undefined,
      ensembleId: run.ensembleId,
      workflow: run.workflow,
      failure: run.state === 'failed' ? bodyOf(run, 'run', 'failure') : undefined,
    }),
  };
}

/** The line of a run in the run picker. */
function runSummary(run: RunState): RunSummary {
  const { startedAtMs, endedAtMs, exitReason } = run;
  // Some runs go on after a failed task.
  const isOver = endedAtMs !== undefined && currentTask(run) === undefined;
  const measuredMs = startedAtMs === undefined || !isOver ? undefined : endedAtMs - startedAtMs;
  return {
    id: run.key,
    number: run.number,
    state: run.state,
    tasksFinished: run.tasksFinished,
    tasksTotal: run.tasksTotal,
    ...defined({ startedAtMs, durationMs: run.durationMs ?? measuredMs, exitReason }),
  };
}

/** What to call a run: what it is at, else what it did last. */
export function runTitle(run: RunState): string {
  const current = currentTask(run) ?? run.lastTask ?? run.index.newestUnstarted();
  return current?.description ?? `Run ${run.number}`;
}
