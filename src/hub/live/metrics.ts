import type { MetricsSnapshot } from '../../protocol/wire/metrics.ts';
import type { Step } from './step.ts';

/** What an agent has used so far on a task: totals, so that the newest replaces the one before. */
export function metricsSnapshot(step: Step, message: MetricsSnapshot): void {
  const ofRole = step.run.metrics.get(message.agentRole) ?? new Map<number, MetricsSnapshot>();
  ofRole.set(message.taskIndex, message);
  step.run.metrics.set(message.agentRole, ofRole);
}
