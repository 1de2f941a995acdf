import type { RunState } from '../run-state.ts';

/** What a run is at. */
export interface CurrentTask {
  readonly description: string;
  readonly agentRole: string;
  /** The tool that it called last. */
  readonly tool?: string;
}

/** The newest task that runs, or waits for a person before it runs; `undefined` where none does. */
export function currentTask(run: RunState): CurrentTask | undefined {
  if (run.endedAtMs !== undefined && run.phase.kind !== 'failed') return undefined;
  const task = run.index.newestTask() ?? run.index.newestUnstarted();
  if (task === undefined || !run.isAlive(task.lastStep)) return undefined;
  const { description, role: agentRole, lastTool } = task;
  return lastTool === undefined ? { description, agentRole } : { description, agentRole, tool: lastTool };
}
