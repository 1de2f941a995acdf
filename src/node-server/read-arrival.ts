import type { Arrival } from '../hub/producer-record.ts';
import { numberField, textField } from '../hub/logged-event.ts';
import type { LedgerMessage } from '../hub/review-witness.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { decodeEnvelope } from '../protocol/wire/codec.ts';
import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
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
  readonly ensembleId?: string | undefined;
  readonly reviewId?: string | undefined;
  readonly agentRole?: string | undefined;
  readonly taskDescription?: string | undefined;
  readonly iterationIndex?: number | undefined;
  /** What the review ledger is to hear once the message has its place, if it can be understood; gone when it has. */
  untold?: LedgerMessage | undefined;
}

/** What an event costs beside its text, in bytes: about what the engine needs for the objects around it. */
const OVERHEAD_BYTES = 400;

/** How long the text of an event is that {@link readArrival} has read, in bytes. */
export function textBytes({ bytes, type }: { readonly bytes: number; readonly type: string }): number {
  return (bytes - OVERHEAD_BYTES) / copiesOf(type);
}

function costOf(type: string, bytes: number): number {
  return bytes * copiesOf(type) + OVERHEAD_BYTES;
}

/** A review is kept as its text by the log, and as what it says by the ledger. */
function copiesOf(type: string): number {
  return type === 'review_requested' ? 2 : 1;
}

/** What bounds one message of a peer. */
export type MessageLimits = Pick<
  RelayLimits,
  'maxMessageBytes' | 'maxJsonDepth' | 'maxJsonValues' | 'maxNameChars' | 'maxTags'
>;

/** Reads the text of one envelope, by socket or by POST. Never throws. */
export function readArrival(text: string, limits: MessageLimits): Result<Arrival<RoutedMessage>, PeerError> {
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

function fromEnvelope(
  envelope: Envelope,
  came: { text: string; bytes: number },
): Result<Arrival<RoutedMessage>, PeerError> {
  const receivedAt = parseInstant(envelope.receivedAt);
  if (receivedAt === undefined)
    return err({ code: 'invalid_message', message: 'The event has no readable receivedAt.' });
  const message = envelope.message as object;
  const type = textField(message, 'type') ?? '';
  return ok({
    producer: envelope.producer,
    sequence: envelope.sequence,
    receivedAt,
    text: came.text,
    type,
    message: routed(type, message),
    bytes: costOf(type, came.bytes),
  });
}

/** What the log looks at in a message of this type (`LogRun`), and what the ledger is to hear. */
function routed(type: string, message: object): RoutedMessage {
  switch (type) {
    case 'ensemble_started':
      return { ensembleId: textField(message, 'ensembleId'), untold: understood(type, message) };
    case 'review_requested':
      return { reviewId: textField(message, 'reviewId'), untold: understood(type, message) };
    case 'llm_iteration_started':
    case 'llm_iteration_completed':
    case 'token':
      return {
        agentRole: textField(message, 'agentRole'),
        taskDescription: textField(message, 'taskDescription'),
        iterationIndex: numberField(message, 'iterationIndex'),
        untold: understood(type, message),
      };
    default:
      return { untold: understood(type, message) };
  }
}

/**
 * What the ledger can make of a message. Of what comes with every step of a task it looks at two or three members, so no
 * more than those are checked here; whoever shows the message checks the rest.
 */
function understood(type: string, message: object): LedgerMessage | undefined {
  switch (type) {
    case 'ensemble_started':
      return holds(message, ['ensembleId']) ? (message as LedgerMessage) : undefined;
    case 'ensemble_completed':
      return holds(message, ['ensembleId', 'exitReason']) ? (message as LedgerMessage) : undefined;
    case 'task_started':
      return holds(message, ['taskDescription', 'startedAt'], ['taskIndex']) ? (message as LedgerMessage) : undefined;
    case 'task_completed':
    case 'task_failed':
      return holds(message, ['taskDescription'], ['taskIndex']) ? (message as LedgerMessage) : undefined;
    case 'llm_iteration_started':
    case 'llm_iteration_completed':
      return holds(message, ['taskDescription']) ? (message as LedgerMessage) : undefined;
    case 'review_requested':
    case 'review_timed_out':
      return decoded(message);
    default:
      return undefined;
  }
}

function holds(message: object, texts: readonly string[], numbers: readonly string[] = []): boolean {
  return (
    texts.every((name) => textField(message, name) !== undefined) &&
    numbers.every((name) => numberField(message, name) !== undefined)
  );
}

function decoded(message: object): LedgerMessage | undefined {
  const result = decodeEnsembleMessage(message);
  return result.kind === 'known' ? result.message : undefined;
}
