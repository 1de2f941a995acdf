import type { Arrival } from '../hub/producer-record.ts';
import { numberField, textField } from '../hub/logged-event.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { decodeEnvelope } from '../protocol/wire/codec.ts';
import { decodeEnsembleMessage, type EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { Envelope } from '../protocol/wire/envelope.ts';
import type { ErrorCode } from '../protocol/wire/error.ts';
import { parseInstant } from '../protocol/wire/instant.ts';
import type { ReadLimits } from '../protocol/wire/read-message.ts';
import { hasMoreItemsThan } from './json-items.ts';
import { refuseNames } from './name-limits.ts';
import type { RelayLimits } from './relay-limits.ts';

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

/** What bounds one message of a peer. */
export type MessageLimits = Pick<
  RelayLimits,
  'maxMessageBytes' | 'maxJsonDepth' | 'maxJsonValues' | 'maxNameChars' | 'maxTags'
>;

/** Reads the text of one envelope, by socket or by POST. Never throws. */
export function readArrival(text: string, limits: MessageLimits): Result<ReadArrival, PeerError> {
  const bytes = Buffer.byteLength(text);
  const refusal = refuseText(text, bytes, limits);
  if (refusal !== undefined) return err(refusal);
  const envelope = decodeEnvelope(text, readLimitsOf(limits));
  if (!envelope.ok) return envelope;
  const badName = refuseNames(envelope.value, limits);
  return badName === undefined ? fromEnvelope(envelope.value, { text, bytes }) : err(badName);
}

/** Why a text from a peer is not even parsed, if it is not. */
export function refuseText(text: string, bytes: number, limits: MessageLimits): PeerError | undefined {
  if (bytes > limits.maxMessageBytes) return tooLarge(bytes, limits.maxMessageBytes);
  return hasMoreItemsThan(text, limits.maxJsonValues) ? tooManyValues(limits.maxJsonValues) : undefined;
}

/** What the codec is to read of a text whose bytes were counted. */
export function readLimitsOf({ maxMessageBytes, maxJsonDepth }: MessageLimits): ReadLimits {
  return { maxChars: maxMessageBytes, maxDepth: maxJsonDepth };
}

function tooLarge(bytes: number, max: number): PeerError {
  return {
    code: 'too_large',
    message: `The message has ${bytes} bytes and at most ${max} are taken. Send less in one message.`,
  };
}

function tooManyValues(max: number): PeerError {
  return {
    code: 'too_large',
    message: `The message holds more than ${max} values and was not taken. Send less in one message, or send it as text.`,
  };
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
