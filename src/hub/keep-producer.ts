import { withoutUndefined } from './without-undefined.ts';
import type { HubProducer, HubSource, HubState } from './hub-state.ts';
import { findProducer } from './hub-state.ts';
import type { KeptLife, KeptProducer, KeptReview, KeptRun } from './kept-producer.ts';
import type { ProducerKey, ReviewKey } from '../protocol/tab/keys.ts';
import type { GapAhead } from './live/gaps.ts';
import type { KeptEvent } from './logged-change.ts';
import { comparePositions, type LogPosition } from './logged-event.ts';
import { logOf } from './producer-log.ts';
import type { RunSummary } from './retained-log.ts';
import { RunState } from './run-state.ts';
import { serviceNameOf } from './select-roster.ts';
import { runTitle } from './views/run-head.ts';

/** What is to outlast the hub of a producer that is in the live roster: itself, and the runs that its log holds. */
export interface KeptPicture {
  readonly producer: KeptProducer;
  /** Oldest first. */
  readonly runs: readonly KeptRun[];
}

/** Looks up what is to outlast the hub of a producer; `undefined` if it is not in the live roster. */
export function keepProducer(state: HubState, key: ProducerKey): KeptPicture | undefined {
  const producer = findProducer(state, key);
  const source = producer === undefined ? undefined : state.sources.get(producer.sourceId);
  const log = producer === undefined || source === undefined ? undefined : logOf(source, producer);
  if (producer === undefined || source?.wire === undefined || log === undefined) return undefined;
  const summaries = log.runs();
  return { producer: describe(source, producer), runs: keepRuns(producer, summaries) };
}

/** Looks up what is to outlast the hub of a review; `undefined` if it is not kept. */
export function keepReview(state: HubState, key: ReviewKey): KeptReview | undefined {
  const slot = state.reviews.get(key);
  if (slot === undefined) return undefined;
  const runs = slot.producer.live.runs.map((run) => run.waitsByReview.get(slot.reviewId)?.toMs);
  // The run itself knows best when it went on.
  return withoutUndefined({
    record: slot.record,
    relay: state.sources.get(slot.producer.sourceId)?.wire?.ledger.relayOf(slot.reviewId),
    endedAtMs: runs.find((toMs) => toMs !== undefined) ?? slot.endedAtMs,
  });
}

function describe(source: HubSource, producer: HubProducer): KeptProducer {
  const { wire } = source;
  const { live } = producer;
  const isEmbedded = wire?.kind === 'embedded';
  const registered = wire?.kind === 'hub' ? wire.registry.get(producer.producerId) : undefined;
  return withoutUndefined({
    sourceId: producer.sourceId,
    producerId: producer.producerId,
    kind: isEmbedded ? ('embedded' as const) : ('hub' as const),
    serviceName: serviceNameOf(source, producer),
    sourceLabel: source.label,
    info: producer.info,
    presence: registered?.presence ?? { kind: 'posting' as const },
    lastSeenMs: producer.lastSeenMs,
    lives: isEmbedded ? livesUpTo(wire.epoch) : livesOf(registered?.epochs() ?? []),
    gaps: gapsOf(producer),
    firstRun: live.runs[0]?.number ?? live.runsBegun + 1,
    lost: live.runs.flatMap(({ begins, lostAtMs }) => (lostAtMs === undefined ? [] : [{ begins, lostAtMs }])),
    nextSequence: isEmbedded ? wire.nextSequence : 1,
    forgotten: [...(isEmbedded ? wire.forgotten : producer.deletedRuns)],
  });
}

/** The hub counts these lives itself, each from 1, and none of their events is ever missing. */
function livesUpTo(newest: number): KeptLife[] {
  return Array.from({ length: newest }, (_, index) => ({ epoch: index + 1, firstSequence: 1, missing: [] }));
}

function livesOf(
  epochs: readonly { readonly epoch: number; readonly notSeen: number; readonly missing: KeptLife['missing'] }[],
): KeptLife[] {
  return epochs.map(({ epoch, notSeen, missing }) => ({ epoch, firstSequence: notSeen + 1, missing }));
}

function gapsOf({ live }: HubProducer): GapAhead[] {
  const placed = live.runs.flatMap((run) => [...run.gaps.values()]);
  return [...placed, ...live.gapsAhead].map(({ note, events }) => ({ note, events }));
}

function keepRuns({ live }: HubProducer, summaries: readonly RunSummary[]): KeptRun[] {
  const newest = summaries.at(-1);
  return summaries.map((summary) => {
    const found = live.runs.find(({ begins }) => comparePositions(begins, summary.begins) === 0);
    // What is in the log and in no run is kept as well.
    return keepRun(found ?? new RunState(0, summary.begins), summary, summary === newest);
  });
}

function keepRun(run: RunState, { begins, eventCount }: RunSummary, isNewest: boolean): KeptRun {
  const { startedAtMs, endedAtMs } = run;
  const measuredMs = startedAtMs === undefined || endedAtMs === undefined ? undefined : endedAtMs - startedAtMs;
  return withoutUndefined({
    begins,
    number: run.number,
    ensembleId: run.ensembleId,
    workflow: run.workflow,
    title: runTitle(run),
    state: run.state,
    isOpen: isNewest && run.phase.kind !== 'ended',
    exitReason: run.exitReason,
    startedAtMs,
    durationMs: run.durationMs ?? measuredMs,
    tasksFinished: run.tasksFinished,
    tasksTotal: run.tasksTotal,
    events: eventCount,
  });
}

/** Whether a producer is connected: then its newest run may go on at any moment. */
export function isConnected(state: HubState, key: ProducerKey): boolean {
  const producer = findProducer(state, key);
  const source = producer === undefined ? undefined : state.sources.get(producer.sourceId);
  if (producer === undefined || source?.wire === undefined) return false;
  if (source.wire.kind === 'embedded') return source.connectionId !== undefined;
  return source.wire.registry.get(producer.producerId)?.presence.kind === 'connected';
}

/** All events that the log of a producer holds, in order; or those of the runs that begin at a place or behind it. */
export function keepEvents(state: HubState, key: ProducerKey, from?: LogPosition): KeptEvent[] {
  const producer = findProducer(state, key);
  const source = producer === undefined ? undefined : state.sources.get(producer.sourceId);
  const log = producer === undefined || source === undefined ? undefined : logOf(source, producer);
  const untimed = source?.wire?.kind === 'embedded' ? source.wire.untimed : undefined;
  const events = (log?.runs() ?? []).flatMap(({ begins }, index) =>
    from === undefined || comparePositions(begins, from) >= 0 ? (log?.eventsOfRun(index) ?? []) : [],
  );
  return events.map((event) => ({ event, isUntimed: untimed?.has(event.message) ?? false }));
}
