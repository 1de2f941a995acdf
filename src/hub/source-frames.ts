import type { DownFrame } from '../protocol/wire/codec.ts';
import type { DownMessage } from '../protocol/wire/down.ts';
import type { ErrorMessage } from '../protocol/wire/error.ts';
import type { HubHello } from '../protocol/wire/hub-hello.ts';
import type { Hello } from '../protocol/wire/hello.ts';
import { addNotice } from './hub-notices.ts';
import { countUnreadable } from './hub-producers.ts';
import type { EmbeddedWire, HubSource, HubWire } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { createEmbeddedWire, greetEmbedded, hearEmbedded, takeEmbedded } from './source-embedded.ts';
import { createHubWire, greetHub, takeEnvelope, takeJoined, takeLeft } from './source-hub.ts';
import { forgetProducers, openConnection } from './source-lifecycle.ts';
import { applyLedger } from './source-reviews.ts';

/** A frame, and how long its text was, in characters. */
export interface SizedFrame {
  readonly frame: DownFrame;
  readonly chars: number;
}

/** Takes in one frame of a source. What has no place in what the source has shown itself to be is counted as unreadable. */
export function takeFrame(work: HubWork, source: HubSource, { frame, chars }: SizedFrame): void {
  if (frame.kind === 'unknown') return takeUnknown(work, source, { frame, chars });
  countUnreadable(work, source, frame.unreadable);
  const { message } = frame;
  if (message.type === 'hello') return greetAsEmbedded(work, source, { hello: message, chars });
  if (message.type === 'hub_hello') return greetAsHub(work, source, { hello: message, chars });
  const { wire } = source;
  if (wire === undefined) countUnreadable(work, source);
  else if (message.type === 'error') takeError(work, source, message);
  else if (wire.kind === 'hub') takeHubFrame(work, { source, wire }, { message, chars });
  else takeEmbeddedFrame(work, { source, wire }, { message, chars });
}

function takeUnknown(
  work: HubWork,
  source: HubSource,
  { frame, chars }: { frame: Extract<DownFrame, { kind: 'unknown' }>; chars: number },
): void {
  const { wire } = source;
  // What an embedded dashboard says besides is a message of its process.
  if (wire?.kind === 'embedded') takeEmbedded(work, { source, wire }, { decoded: frame, bytes: chars });
  else source.unknown += 1;
}

function greetAsHub(work: HubWork, source: HubSource, { hello, chars }: { hello: HubHello; chars: number }): void {
  if (source.wire?.kind !== 'hub') {
    forgetProducers(work, source);
    source.wire = createHubWire(work.state);
  }
  const envelopeBytes = average(chars, hello.snapshotTrace?.length);
  greetHub(work, { source, wire: source.wire }, { hello, envelopeBytes });
  openConnection(work, source);
  work.changes.push({ kind: 'source', source: source.id });
}

function greetAsEmbedded(work: HubWork, source: HubSource, { hello, chars }: { hello: Hello; chars: number }): void {
  if (source.wire?.kind !== 'embedded') {
    forgetProducers(work, source);
    source.wire = createEmbeddedWire(work.state);
  }
  const messageBytes = average(chars, hello.snapshotTrace?.length);
  greetEmbedded(work, { source, wire: source.wire }, { hello, messageBytes });
  openConnection(work, source);
  work.changes.push({ kind: 'source', source: source.id });
}

function takeHubFrame(
  work: HubWork,
  at: { source: HubSource; wire: HubWire },
  { message, chars }: { message: Exclude<DownMessage, Hello | HubHello | ErrorMessage>; chars: number },
): void {
  switch (message.type) {
    case 'event':
      return takeEnvelope(work, at, { envelope: message, bytes: chars });
    case 'producer_joined':
      return takeJoined(work, at, message);
    case 'producer_left':
      return takeLeft(work, at, message);
    case 'review_state':
      return applyLedger(work, at.source, at.wire.ledger.remoteState(message, work.nowMs));
    case 'heartbeat':
    case 'pong':
      return;
    default:
      return countUnreadable(work, at.source);
  }
}

function takeEmbeddedFrame(
  work: HubWork,
  at: { source: HubSource; wire: EmbeddedWire },
  { message, chars }: { message: Exclude<DownMessage, Hello | HubHello | ErrorMessage>; chars: number },
): void {
  switch (message.type) {
    case 'heartbeat':
    case 'pong':
      return hearEmbedded(work, at);
    case 'event':
    case 'producer_joined':
    case 'producer_left':
    case 'review_state':
      return countUnreadable(work, at.source);
    default:
      return takeEmbedded(work, at, { decoded: { kind: 'known', message }, bytes: chars });
  }
}

/**
 * A server refuses something. A decision of ours shows it where it was made, unless the review is open again after it;
 * anything else is told as it is.
 */
function takeError(work: HubWork, source: HubSource, { code, message, reviewId }: ErrorMessage): void {
  const outputs = source.wire?.ledger.remoteRefused(reviewId ?? '', code, work.nowMs) ?? [];
  applyLedger(work, source, outputs);
  const isShown = outputs.some((output) => output.kind === 'changed' && output.review.state.kind !== 'open');
  // A decision of which nobody knew whether it had arrived was handed over again, and was there already.
  const isRepeat = source.wire?.ledger.relayOf(reviewId ?? '')?.hasDecision === true;
  if (!isShown && !isRepeat) addNotice(work, `${source.label} says: ${message}`);
}

function average(chars: number, count: number | undefined): number {
  return count === undefined || count === 0 ? chars : Math.ceil(chars / count);
}
