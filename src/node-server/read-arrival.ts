import type { Arrival } from '../hub/producer-record.ts';
import { numberField, textField } from '../hub/logged-event.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { decodeEnvelope } from '../protocol/wire/codec.ts';
import { decodeEnsembleMessage, type EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { Envelope } from '../protocol/wire/envelope.ts';
import type { ErrorCode } from '../protocol/wire/error.ts';
import { parseInstant } from '../protocol/wire/instant.ts';
import { MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { hasMoreItemsThan } from './json-items.ts';

/** Why something that a peer sent was not taken: what a typed error says. */
export interface PeerError {
  readonly code: ErrorCode;
  /** A sentence: what happened, to what, what to do. */
  readonly message: string;
}

/** The few fields of a message that the relay keeps apart from its text, to find its place among others. */
export interface RoutedMessage {
  readonly ensembleId?: string;
  readonly reviewId?: string;
  readonly agentRole?: string;
  readonly taskDescription?: string;
  readonly iterationIndex?: number;
}

/** One envelope as it came in. */
export interface ReadArrival {
  readonly arrival: Arrival<RoutedMessage>;
  /** What its message says, if this version understands it; what it does not is passed on all the same. */
  readonly message: EnsembleMessage | undefined;
}

/** What an event costs beside its text, in bytes: about what the engine needs for the objects around it. */
const OVERHEAD_BYTES = 400;

/** How many members, items, lists and objects one message may hold: far more than any honest one. */
const ITEMS_MAX = 100_000;

const TOO_LARGE: PeerError = {
  code: 'too_large',
  message: `The message is longer than ${MESSAGE_MAX_BYTES} bytes and was not taken. Send less in one message.`,
};
const TOO_MANY_ITEMS: PeerError = {
  code: 'too_large',
  message: `The message holds more than ${ITEMS_MAX} values and was not taken. Send less in one message, or send it as text.`,
};

/** Reads the text of one envelope, by socket or by POST. Never throws. */
export function readArrival(text: string): Result<ReadArrival, PeerError> {
  const bytes = Buffer.byteLength(text);
  const refusal = refuseText(text, bytes);
  if (refusal !== undefined) return err(refusal);
  const envelope = decodeEnvelope(text);
  return envelope.ok ? fromEnvelope(envelope.value, { text, bytes }) : envelope;
}

/** Why a text from a peer is not even parsed, if it is not. */
export function refuseText(text: string, bytes: number): PeerError | undefined {
  if (bytes > MESSAGE_MAX_BYTES) return TOO_LARGE;
  return hasMoreItemsThan(text, ITEMS_MAX) ? TOO_MANY_ITEMS : undefined;
}

function fromEnvelope(envelope: Envelope, came: { text: string; bytes: number }): Result<ReadArrival, PeerError> {
  const receivedAt = parseInstant(envelope.receivedAt);
  if (receivedAt === undefined)
    return err({ code: 'invalid_message', message: 'The event has no readable receivedAt.' });
  const decoded = decodeEnsembleMessage(envelope.message);
  const raw = envelope.message as object;
  const arrival: Arrival<RoutedMessage> = {
    producer: envelope.producer,
    sequence: envelope.sequence,
    receivedAt,
    text: came.text,
    type: textField(raw, 'type') ?? '',
    message: routedFields(raw),
    bytes: came.bytes + OVERHEAD_BYTES,
  };
  return ok({ arrival, message: decoded.kind === 'known' ? decoded.message : undefined });
}

function routedFields(message: object): RoutedMessage {
  const texts = (['ensembleId', 'reviewId', 'agentRole', 'taskDescription'] as const).map((name) => [
    name,
    textField(message, name),
  ]);
  const fields = [...texts, ['iterationIndex', numberField(message, 'iterationIndex')]];
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}
