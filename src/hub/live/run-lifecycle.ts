import type { EnsembleCompleted, EnsembleStarted } from '../../protocol/wire/ensemble.ts';
import type { Change } from '../change.ts';
import type { LiveEvent, LiveState } from '../live-state.ts';
import { advanceRun, beginsRun, noteFreshEpoch } from '../run-boundary.ts';
import { RunState } from '../run-state.ts';
import { endWait } from './end-wait.ts';
import { announceTasks } from './tasks.ts';
import { markRun, markRunTurned, type Place, type Step } from './step.ts';
import { regainTouch } from './touch.ts';

/**
 * The run that an event belongs to: the newest, or a new one where there is none, where a start follows a run that had a task
 * or has ended, and where another life of the process begins.
 */
export function runOfEvent(live: LiveState, event: LiveEvent, changes: Change[]): RunState {
  const { type } = event;
  const newest = live.runs.at(-1);
  const isNewLife = beginsLife(live, event);
  const isNew = newest === undefined || isNewLife || beginsRun(type, newest.cut);
  if (isNew && newest !== undefined) leaveBehind({ live, run: newest, changes }, event.atMs);
  const run = isNew ? beginRun(live, event, changes) : newest;
  if (!isNew) regainTouch(live, changes);
  run.cut = advanceRun(run.cut, type);
  run.lastEpoch = event.epoch;
  return run;
}

/** A run says who it is. */
export function ensembleStarted(step: Step, message: EnsembleStarted): void {
  const { run, at } = step;
  run.ensembleId = message.ensembleId;
  run.workflow = message.workflow;
  run.startedAtMs = at.atMs;
  announceTasks(step, message.totalTasks);
  markRun(step);
}

/** A run ends, and whatever runs in it. An older run that was thought lost may be the one that ends. */
export function ensembleCompleted(step: Step, message: EnsembleCompleted): void {
  const run = runNamed(step, message.ensembleId);
  const place: Place = { live: step.live, run, changes: step.changes };
  run.ensembleId ??= message.ensembleId;
  run.durationMs = Math.max(0, message.durationMs);
  run.exitReason = message.exitReason;
  run.saidTokens = message.totalTokens < 0 ? undefined : message.totalTokens;
  run.saidToolCalls = message.totalToolCalls < 0 ? undefined : message.totalToolCalls;
  run.phase = { kind: 'ended', atMs: step.at.atMs };
  endWaits(place, step.at.atMs);
  markRunTurned(place);
}

/** Whether this is the first event of a life that is known from its beginning. */
function beginsLife(live: LiveState, event: LiveEvent): boolean {
  if (event.sequence === 1) noteFreshEpoch(live.freshEpochs, event.epoch);
  const isOther = event.epoch !== live.epoch;
  live.epoch = event.epoch;
  return isOther && live.freshEpochs.has(event.epoch);
}

function beginRun(live: LiveState, event: LiveEvent, changes: Change[]): RunState {
  live.runsBegun += 1;
  const run = new RunState(live.runsBegun, event);
  live.runs.push(run);
  changes.push({ kind: 'run-began', producer: live.producer, run: run.key });
  return run;
}

/** What the next run leaves behind without an end was lost, and nobody waits in it. */
function leaveBehind(place: Place, atMs: number): void {
  if (place.run.phase.kind === 'ended') return;
  place.run.lostAtMs ??= atMs;
  endWaits(place, place.run.lostAtMs);
  markRunTurned(place);
}

function endWaits(place: Place, atMs: number): void {
  for (const wait of place.run.openWaits) endWait(place, wait, atMs);
}

function runNamed({ live, run }: Step, ensembleId: string): RunState {
  if (run.ensembleId === ensembleId) return run;
  return live.runs.find((each) => each.ensembleId === ensembleId) ?? run;
}
