import { SWEEP_INTERVAL_MS } from '../protocol/wire/limits.ts';
import { deleteRun } from './deleted-runs.ts';
import type { HubAction, HubOutput } from './hub-action.ts';
import { openRun, setHistory } from './history-state.ts';
import { addNotice } from './hub-notices.ts';
import { countUnreadable, markRoster } from './hub-producers.ts';
import type { HubState } from './hub-state.ts';
import { beginWork, type HubWork } from './hub-work.ts';
import { finishLogged } from './finish-logged.ts';
import { DEFAULT_REGISTRY_LIMITS, type RegistryLimits } from './producer-registry.ts';
import { reduceAgain } from './producer-events.ts';
import { restoreProducer } from './restore-producer.ts';
import { takeFrame } from './source-frames.ts';
import { takeOutputs } from './source-hub.ts';
import { addSource, removeSource, renameSource, setSourceState } from './source-lifecycle.ts';
import { applyLedger, decideReview } from './source-reviews.ts';

/**
 * Everything that happens to the hub goes through here. It changes the state in place, and says what may look different now,
 * what is to be written, and how a decision was taken. It has no clock, no socket and no storage, and never throws, whatever
 * a peer says. The cost of an event does not depend on how much is known already.
 */
export function hubReducer(state: HubState, action: HubAction): HubOutput {
  const work = beginWork(state, 'nowMs' in action ? action.nowMs : 0);
  reduceAction(work, action);
  reduceAgain(work);
  markRoster(work);
  const { changes, writes, decided } = work;
  const logged = finishLogged(work);
  return { changes, writes, logged, ...(decided === undefined ? {} : { decided }) };
}

/** When a `tick` is due, in milliseconds since the Unix epoch; `undefined` if nothing waits for time to pass. */
export function nextDeadlineMs(state: HubState): number | undefined {
  let next = state.nextSweepMs;
  for (const { wire } of state.sources.values()) {
    const deadlines = [
      wire?.ledger.nextDeadlineMs(),
      wire?.kind === 'hub' ? wire.registry.nextDeadlineMs() : undefined,
    ];
    for (const deadlineMs of deadlines) {
      if (deadlineMs !== undefined && (next === undefined || deadlineMs < next)) next = deadlineMs;
    }
  }
  return next;
}

function reduceAction(work: HubWork, action: HubAction): void {
  switch (action.kind) {
    case 'source-added':
      return addSource(work, action);
    case 'decide':
      return decideReview(work, action.request);
    case 'tick':
      return passTime(work);
    case 'notice':
      return addNotice(work, action.text);
    case 'named':
      work.state.by = action.by;
      return;
    case 'tabs-counted':
      work.state.tabs = action.tabs;
      work.changes.push({ kind: 'attention' });
      return;
    case 'restored':
      return restoreProducer(work, action.kept);
    case 'history':
      return setHistory(work, action);
    case 'opened':
      return openRun(work, action.records);
    case 'run-deleted':
      return deleteRun(work, action);
    case 'limited':
      return limit(work, action.limits);
    case 'ready':
      work.state.isReady = true;
      work.changes.push({ kind: 'attention' });
      return;
    case 'source-removed':
    case 'source-renamed':
    case 'source-state':
    case 'frame':
    case 'unreadable':
      return reduceSource(work, action);
  }
}

type SourceAction = Extract<
  HubAction,
  { kind: 'source-removed' | 'source-renamed' | 'source-state' | 'frame' | 'unreadable' }
>;

function reduceSource(work: HubWork, action: SourceAction): void {
  const source = work.state.sources.get(action.sourceId);
  if (source === undefined) return;
  switch (action.kind) {
    case 'source-removed':
      return removeSource(work, source);
    case 'source-renamed':
      return renameSource(work, source, action.label);
    case 'source-state':
      return setSourceState(work, source, action.state);
    case 'frame':
      return takeFrame(work, source, { frame: action.frame, chars: action.text.length });
    case 'unreadable':
      return countUnreadable(work, source);
  }
}

/** What is kept of every producer changes at once. */
function limit(work: HubWork, limits: Partial<RegistryLimits>): void {
  work.state.limits = limits;
  for (const source of work.state.sources.values()) {
    const { wire } = source;
    if (wire?.kind === 'embedded') wire.log.limit(limits.maxIterations ?? DEFAULT_REGISTRY_LIMITS.maxIterations);
    else if (wire !== undefined) takeOutputs(work, { source, wire }, wire.registry.limit(limits, work.nowMs));
  }
}

/** Deadlines pass, held-back events are released, and producers that have been silent for long leave the roster. */
function passTime(work: HubWork): void {
  const { state, nowMs } = work;
  const isSweepDue = state.nextSweepMs !== undefined && nowMs >= state.nextSweepMs;
  // It is never further away than that, unless the clock was set back.
  if (state.nextSweepMs !== undefined)
    state.nextSweepMs = Math.min(isSweepDue ? Infinity : state.nextSweepMs, nowMs + SWEEP_INTERVAL_MS);
  for (const source of state.sources.values()) {
    const { wire } = source;
    if (wire === undefined) continue;
    if (wire.kind === 'hub') {
      takeOutputs(work, { source, wire }, wire.registry.flush(nowMs));
      if (isSweepDue) takeOutputs(work, { source, wire }, wire.registry.sweep(nowMs));
    }
    applyLedger(work, source, wire.ledger.tick(nowMs));
  }
}
