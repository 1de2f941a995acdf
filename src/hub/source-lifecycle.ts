import type { SourceState } from '../protocol/tab/source-model.ts';
import { SWEEP_INTERVAL_MS } from '../protocol/wire/limits.ts';
import type { HubAction } from './hub-action.ts';
import { removeProducer } from './hub-producers.ts';
import type { HubSource } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { loseTouch } from './live/touch.ts';
import { applyLedger, refreshReviews } from './source-reviews.ts';

/** A source is there from now on; a second one with its id is not made. */
export function addSource(work: HubWork, action: Extract<HubAction, { kind: 'source-added' }>): void {
  const { state, nowMs } = work;
  if (state.sources.has(action.sourceId)) return;
  state.sources.set(action.sourceId, {
    id: action.sourceId,
    order: state.nextSourceOrder,
    url: action.url,
    isDemo: action.sourceKind === 'demo',
    producers: new Map(),
    label: action.label,
    state: { kind: 'connecting', sinceMs: nowMs, attempt: 1 },
    wire: undefined,
    connectionId: undefined,
    connectionCount: 0,
    unreadable: 0,
    unknown: 0,
  });
  state.nextSourceOrder += 1;
  state.nextSweepMs ??= nowMs + SWEEP_INTERVAL_MS;
  work.changes.push({ kind: 'source', source: action.sourceId });
}

/** The source goes, with all of its producers. */
export function removeSource(work: HubWork, source: HubSource): void {
  forgetProducers(work, source);
  work.state.sources.delete(source.id);
  work.changes.push({ kind: 'source-removed', source: source.id });
}

/** Another kind of server speaks at this address now: what the one before it said is none of its own. */
export function forgetProducers(work: HubWork, source: HubSource): void {
  for (const producer of source.producers.values()) removeProducer(work, source, producer);
  source.wire = undefined;
}

/** The source has another name on the screen. */
export function renameSource(work: HubWork, source: HubSource, label: string): void {
  source.label = label;
  // An embedded dashboard's process goes by the name of its source.
  for (const producer of source.producers.values()) work.touched.add(producer);
  work.changes.push({ kind: 'source', source: source.id });
}

/** The connection of a source changed. Every state but `connected` ends the connection that had greeted. */
export function setSourceState(work: HubWork, source: HubSource, state: SourceState): void {
  source.state = state;
  work.changes.push({ kind: 'source', source: source.id });
  if (state.kind !== 'connected' && source.connectionId !== undefined) endConnection(work, source);
}

/** The source has greeted: decisions can be written to it from now on. */
export function openConnection(work: HubWork, source: HubSource): void {
  if (source.wire === undefined || source.connectionId !== undefined) return;
  source.connectionCount += 1;
  source.connectionId = `c${source.connectionCount}`;
  const outputs = source.wire.ledger.connectionOpened('', source.connectionId, work.nowMs);
  applyLedger(work, source, outputs);
  touchAll(work, source);
}

function endConnection(work: HubWork, source: HubSource): void {
  source.connectionId = undefined;
  if (source.wire === undefined) return;
  applyLedger(work, source, source.wire.ledger.disconnected(work.nowMs));
  if (source.wire.kind === 'embedded') {
    // The socket is all that was ever seen of that process; whether it lives on, nobody says.
    for (const { live } of source.producers.values()) loseTouch(live, work.nowMs, work.changes);
  }
  touchAll(work, source);
}

/** Whether its source is connected shows in every open review, and at an embedded dashboard in the producer itself. */
function touchAll(work: HubWork, source: HubSource): void {
  for (const producer of source.producers.values()) {
    work.touched.add(producer);
    refreshReviews(work, source, producer);
  }
}
