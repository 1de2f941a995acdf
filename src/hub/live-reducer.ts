import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { Change } from './change.ts';
import type { LiveEvent, LiveState } from './live-state.ts';
import { iterationCompleted, iterationStarted } from './live/conversations.ts';
import { delegationCompleted, delegationFailed, delegationStarted } from './live/delegations.ts';
import { type Moment, momentOf } from './live/event-time.ts';
import { fileChanged } from './live/files.ts';
import { placeGaps } from './live/gaps.ts';
import { metricsSnapshot } from './live/metrics.ts';
import { countUnreadable, keepRaw } from './live/raw-events.ts';
import { reviewRequested, reviewTimedOut } from './live/review-waits.ts';
import { ensembleCompleted, ensembleStarted, runOfEvent } from './live/run-lifecycle.ts';
import type { Step } from './live/step.ts';
import { taskCompleted, taskFailed, taskInput, taskStarted } from './live/tasks.ts';
import { tokenStreamed } from './live/tokens.ts';
import { toolCalled } from './live/tool-calls.ts';

/**
 * Takes one message of a producer into its state, and says in `changes` what differs now. Never throws, whatever the message
 * says. The cost does not depend on how much is known already; the events of a producer must come in their order.
 */
export function liveReducer(live: LiveState, event: LiveEvent, changes: Change[]): void {
  const { message } = event;
  if (message.kind === 'known' && message.message.type === 'heartbeat') return;
  const run = runOfEvent(live, event, changes);
  run.step += 1;
  const isToken = message.kind === 'known' && message.message.type === 'token';
  const at = isToken ? momentOfToken(event) : momentOf(live, event, changes);
  run.startedAtMs ??= at.atMs;
  const step: Step = { live, run, changes, at, eventAtMs: event.atMs };
  placeGaps(step, event, at.atMs);
  if (message.kind === 'known') reduceMessage(step, message.message);
  else if (message.kind === 'unknown') keepRaw(step, message);
  else countUnreadable(step);
}

/** Tokens come by the thousand, and nothing shows the time of one: it is not looked for. */
function momentOfToken(event: LiveEvent): Moment {
  return { atMs: event.atMs, isEstimated: !event.isTimeKnown };
}

function reduceMessage(step: Step, message: EnsembleMessage): void {
  switch (message.type) {
    case 'ensemble_started':
      return ensembleStarted(step, message);
    case 'ensemble_completed':
      return ensembleCompleted(step, message);
    case 'task_started':
      return taskStarted(step, message);
    case 'task_input':
      return taskInput(step, message);
    case 'task_completed':
      return taskCompleted(step, message);
    case 'task_failed':
      return taskFailed(step, message);
    case 'tool_called':
      return toolCalled(step, message);
    case 'delegation_started':
      return delegationStarted(step, message);
    case 'delegation_completed':
      return delegationCompleted(step, message);
    case 'delegation_failed':
      return delegationFailed(step, message);
    case 'review_requested':
      return reviewRequested(step, message);
    case 'review_timed_out':
      return reviewTimedOut(step, message);
    case 'llm_iteration_started':
      return iterationStarted(step, message);
    case 'llm_iteration_completed':
      return iterationCompleted(step, message);
    case 'token':
      return tokenStreamed(step, message);
    case 'file_changed':
      return fileChanged(step, message);
    case 'metrics_snapshot':
      return metricsSnapshot(step, message);
    case 'heartbeat':
      return;
  }
}
