import { parseInstant } from '../protocol/wire/instant.ts';
import type { Envelope } from '../protocol/wire/envelope.ts';
import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { HubHello } from '../protocol/wire/hub-hello.ts';
import type { ProducerJoined, ProducerLeft } from '../protocol/wire/roster-messages.ts';
import { isRecord } from '../protocol/wire/wire-value.ts';
import { withoutDeleted } from './deleted-runs.ts';
import { fillGreeted } from './fill-greeted.ts';
import { ensureProducer, removeProducer, seeProducer } from './hub-producers.ts';
import type { HubProducer, HubSource, HubState, HubWire } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { fillGap, noteGap } from './live/gaps.ts';
import { loseTouch, regainTouch } from './live/touch.ts';
import { reduceAgain, takeEvent } from './producer-events.ts';
import type { Arrival } from './producer-record.ts';
import { ProducerRegistry, type RegistryOutput } from './producer-registry.ts';
import { isUnsettled } from './review-record.ts';
import { ReviewLedger } from './review-ledger.ts';
import { applyLedger, refreshReviews } from './source-reviews.ts';

/** What is behind a source of many producers. */
export function createHubWire(state: HubState): HubWire {
  const ledger = new ReviewLedger({ wire: 'viewer' });
  const wire: HubWire = {
    kind: 'hub',
    isGreeting: false,
    ledger,
    registry: new ProducerRegistry({
      limits: state.limits,
      keepsTokens: true,
      isReviewOpen(producerId, reviewId) {
        const record = ledger.record(reviewId);
        return record === undefined ? wire.isGreeting : record.producerId === producerId && isUnsettled(record);
      },
    }),
  };
  return wire;
}

/** A relay or live-event hub greets: who is there, and what is still kept of what they said. Much of it is known at times. */
export function greetHub(work: HubWork, at: { source: HubSource; wire: HubWire }, greeting: SizedHubHello): void {
  const { hello } = greeting;
  at.wire.isGreeting = true;
  takePresences(work, at, hello);
  const arrivals = (hello.snapshotTrace ?? []).map((envelope) => toArrival(envelope, greeting.envelopeBytes));
  const { wanted, leftOut } = withoutDeleted(at.source, arrivals.filter(isArrival));
  takeOutputs(work, at, at.wire.registry.admitSnapshot(wanted, work.nowMs));
  reduceAgain(work);
  for (const [producerId, pairs] of Object.entries(hello.iterationsByProducer ?? {})) {
    const producer = at.source.producers.get(producerId);
    if (producer !== undefined && !leftOut.has(producerId)) fillGreeted(work, { source: at.source, producer }, pairs);
  }
  at.wire.isGreeting = false;
  applyLedger(work, at.source, at.wire.ledger.tick(work.nowMs));
}

/** A greeting, and what each of its envelopes weighs on average. */
export interface SizedHubHello {
  readonly hello: HubHello;
  readonly envelopeBytes: number;
}

/** One live event of a producer. */
export function takeEnvelope(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  { envelope, bytes }: { envelope: Envelope; bytes: number },
): void {
  const arrival = toArrival(envelope, bytes);
  if (arrival !== undefined) takeOutputs(work, at, at.wire.registry.admit(arrival, work.nowMs));
}

/** A producer has connected to its hub, or is back. */
export function takeJoined(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  { producer: info, joinedAt }: ProducerJoined,
): void {
  takeOutputs(work, at, at.wire.registry.describe(info, work.nowMs));
  const producer = ensureProducer(work, at.source, info.producerId);
  markConnected(work, at.wire, producer);
  seeProducer(work, producer, instantMs(joinedAt) ?? work.nowMs);
}

/** The last connection of a producer has ended. */
export function takeLeft(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  { producerId, leftAt, reason }: ProducerLeft,
): void {
  const producer = at.source.producers.get(producerId);
  if (producer === undefined) return;
  markGone(work, at.wire, { producer, atMs: instantMs(leftAt) ?? work.nowMs, reason: reason ?? undefined });
}

/** Does what the registry says, in its order. */
export function takeOutputs(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  outputs: readonly RegistryOutput[],
): void {
  for (const [index, output] of outputs.entries()) {
    const next = output.kind === 'epoch' ? outputs[index + 1] : undefined;
    // A life begins when its first event was said, which stands right behind.
    work.eventMs = next?.kind === 'event' ? next.event.receivedAt.ms : undefined;
    takeOutput(work, at, output);
  }
  work.eventMs = undefined;
  for (const output of outputs) if (output.kind === 'event') settleTouch(work, at, output.producerId);
}

/** What was held back may be heard after its process has left, and what comes late says that a process is there again. */
function settleTouch(work: HubWork, at: { source: HubSource; wire: HubWire }, producerId: string): void {
  const producer = at.source.producers.get(producerId);
  const presence = at.wire.registry.get(producerId)?.presence;
  if (producer === undefined || presence === undefined) return;
  if (presence.kind === 'gone') loseTouch(producer.live, presence.atMs, work.changes);
  else regainTouch(producer.live, work.changes);
}

function takeOutput(work: HubWork, at: { source: HubSource; wire: HubWire }, output: RegistryOutput): void {
  const producer = ensureProducer(work, at.source, output.producerId);
  switch (output.kind) {
    case 'first-seen':
    case 'info':
      producer.info = output.producer;
      work.touched.add(producer);
      return refreshReviews(work, at.source, producer);
    case 'epoch':
      return beginEpoch(work, at, { producer, ...output });
    case 'event':
      if (output.late) noteLate(work, at.wire, { producer, position: output.event });
      return takeEvent(work, producer, { ...output, decoded: decodeEnsembleMessage(output.event.message) });
    case 'hole':
      noteGap(producer.live, { kind: 'missing', epoch: output.epoch, from: output.from, to: output.to });
      return countMissing(work, at.wire, producer);
    case 'repeat':
      return;
    case 'evicted':
      at.wire.ledger.forget(output.producerId);
      return removeProducer(work, at.source, producer);
  }
}

function beginEpoch(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  { producer, epoch, firstSequence }: { producer: HubProducer; epoch: number; firstSequence: number },
): void {
  noteGap(producer.live, { kind: 'not-seen', epoch, from: 1, to: firstSequence - 1 });
  const began = at.wire.ledger.epochBegan(producer.producerId, { epoch, firstSequence }, work.nowMs);
  applyLedger(work, at.source, began);
}

/** What was missing is less now, and stands in a gap no longer. */
function noteLate(
  work: HubWork,
  wire: HubWire,
  late: { producer: HubProducer; position: { epoch: number; sequence: number } },
): void {
  fillGap(late.producer.live, late.position, work.changes);
  countMissing(work, wire, late.producer);
}

export function countMissing(work: HubWork, wire: HubWire, producer: HubProducer): void {
  const epochs = wire.registry.get(producer.producerId)?.epochs() ?? [];
  producer.missing = epochs.reduce((sum, epoch) => sum + epoch.missingCount, 0);
  work.touched.add(producer);
}

/** A greeting lists who is there; a relay names those that are gone right after it. Who is not listed has left meanwhile. */
function takePresences(work: HubWork, at: { source: HubSource; wire: HubWire }, hello: HubHello): void {
  const listed = new Set<string>();
  for (const info of hello.producers ?? []) {
    listed.add(info.producerId);
    takeOutputs(work, at, at.wire.registry.describe(info, work.nowMs));
    markConnected(work, at.wire, ensureProducer(work, at.source, info.producerId));
  }
  for (const producer of at.source.producers.values()) {
    const presence = at.wire.registry.get(producer.producerId)?.presence;
    if (listed.has(producer.producerId) || presence?.kind !== 'connected') continue;
    markGone(work, at.wire, { producer, atMs: work.nowMs, reason: undefined });
  }
}

function markConnected(work: HubWork, wire: HubWire, producer: HubProducer): void {
  wire.registry.connected(producer.producerId, work.nowMs);
  regainTouch(producer.live, work.changes);
  work.touched.add(producer);
}

function markGone(
  work: HubWork,
  wire: HubWire,
  { producer, atMs, reason }: { producer: HubProducer; atMs: number; reason: string | undefined },
): void {
  wire.registry.left(producer.producerId, work.nowMs, reason);
  loseTouch(producer.live, atMs, work.changes);
  seeProducer(work, producer, atMs);
}

/** An inner message that is no object keeps its number: without it a gap would be declared that is none. */
function toArrival(envelope: Envelope, bytes: number): Arrival | undefined {
  const receivedAt = parseInstant(envelope.receivedAt);
  if (receivedAt === undefined) return undefined;
  const message = isRecord(envelope.message) ? envelope.message : {};
  const type = typeof message['type'] === 'string' ? message['type'] : '';
  const { producer, sequence } = envelope;
  // The text is not kept here: the decoded message holds all of it.
  return { producer, sequence, receivedAt, text: '', type, message, bytes };
}

function isArrival(arrival: Arrival | undefined): arrival is Arrival {
  return arrival !== undefined;
}

function instantMs(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? parseInstant(text)?.ms : undefined;
}
