import type * as z from 'zod/mini';
import { ok, type Result } from '../result.ts';
import { type DecisionDelivery, decisionDeliverySchema } from './decision-delivery.ts';
import { DOWN_SCHEMAS, type DownFrameMessage, type DownMessage } from './down.ts';
import { type Envelope, envelopeSchema, isEnvelope } from './envelope.ts';
import { type ReadGreeting, readHello, readHubHello } from './greeting.ts';
import { MESSAGE_MAX_BYTES, RELAY_JSON_MAX_DEPTH, SOURCE_FRAME_MAX_CHARS, SOURCE_JSON_MAX_DEPTH } from './limits.ts';
import { type RawMessage, type ReadLimits, readMessage, readObject, refuse, type WireError } from './read-message.ts';
import { type ReviewDecision, reviewDecisionSchema } from './review.ts';
import { schemasByType } from './schemas-by-type.ts';
import { UP_SCHEMAS, type UpMessage } from './up.ts';
import { describeInvalid, isRecord } from './wire-value.ts';

/**
 * A frame from a server. An `unknown` one has a type that this version gives no
 * meaning; it is whole. `unreadable` counts the members of a greeting's lists
 * that had to be left out.
 */
export type DownFrame =
  | { readonly kind: 'known'; readonly message: DownMessage; readonly unreadable: number }
  | { readonly kind: 'unknown'; readonly type: string; readonly message: Readonly<Record<string, unknown>> };

/** What a relay reads, unless it is told otherwise. */
const RELAY_READ_LIMITS: ReadLimits = { maxChars: MESSAGE_MAX_BYTES, maxDepth: RELAY_JSON_MAX_DEPTH };

const DOWN_BY_TYPE = schemasByType(DOWN_SCHEMAS);
const UP_BY_TYPE = schemasByType(UP_SCHEMAS);

/**
 * Reads a frame that a server sent to a viewer. Never throws, whatever the text.
 * The message is what `JSON.parse` made of the text, with every member that this
 * version does not know. The `message` of an envelope is not looked into.
 *
 * @param maxChars the longest text to read, in characters
 */
export function decodeDown(text: string, maxChars = SOURCE_FRAME_MAX_CHARS): Result<DownFrame, WireError> {
  const read = readMessage(text, { maxChars, maxDepth: SOURCE_JSON_MAX_DEPTH });
  if (!read.ok) return read;
  const { type, value } = read.value;
  const schema = DOWN_BY_TYPE.get(type);
  if (schema === undefined) return ok({ kind: 'unknown', type, message: value });
  const checked = check(schema, read.value);
  return checked.ok ? ok({ kind: 'known', ...readLists(checked.value) }) : checked;
}

/**
 * Reads a frame that a viewer sent to a server. Never throws, whatever the text.
 * A type that servers have no use for is the error `unknown_type`; it is no
 * fault of the viewer's, which may be a page of another version.
 *
 * @param limits its length is in characters; count bytes where you have them
 */
export function decodeUp(text: string, limits = RELAY_READ_LIMITS): Result<UpMessage, WireError> {
  const read = readMessage(text, limits);
  if (!read.ok) return read;
  const schema = UP_BY_TYPE.get(read.value.type);
  return schema === undefined ? refuseType(read.value.type, 'ping and review_decision') : check(schema, read.value);
}

/**
 * Reads an envelope that a publisher sent, by socket or by POST. Never throws,
 * whatever the text. Beside the envelope itself it asks only that its `message`
 * is an object with a text `type`, without which nobody could do anything with it.
 *
 * @param limits its length is in characters; count bytes where you have them
 */
export function decodeEnvelope(text: string, limits = RELAY_READ_LIMITS): Result<Envelope, WireError> {
  const read = readMessage(text, limits);
  if (!read.ok) return read;
  if (read.value.type !== 'event') return refuseType(read.value.type, 'event');
  const { value } = read.value;
  const checked = isEnvelope(value) ? ok(value) : check(envelopeSchema, read.value);
  if (!checked.ok || hasType(checked.value.message)) return checked;
  return refuse('invalid_message', 'The "message" of the event is not an object with a text member "type".');
}

/**
 * Reads a decision on a review that is named elsewhere, as scripts post it: the
 * members of a `review_decision` without its type. Never throws, whatever the text.
 *
 * @param limits its length is in characters; count bytes where you have them
 */
export function decodeDecisionBody(
  reviewId: string,
  text: string,
  limits: ReadLimits,
): Result<ReviewDecision, WireError> {
  const read = readObject(text, limits);
  if (!read.ok) return read;
  const type = 'review_decision';
  return check(reviewDecisionSchema, { type, value: { ...read.value, type, reviewId } });
}

/**
 * Reads a decision that a relay delivers to a publisher. Never throws, whatever
 * the text. `decisionJson` stays text: {@link decodeUp} reads it.
 */
export function decodeDecisionDelivery(text: string): Result<DecisionDelivery, WireError> {
  const read = readObject(text, RELAY_READ_LIMITS);
  return read.ok ? check(decisionDeliverySchema, { type: 'decision delivery', value: read.value }) : read;
}

/** The text of a frame. It cannot fail on what was read here: that is nowhere too deep to be written again. */
export function encode(message: DownMessage | UpMessage | DecisionDelivery): string {
  return JSON.stringify(message);
}

/**
 * The value itself, once its schema has nothing against it. The schemas check
 * and never transform, and the copy that they make is thrown away: it would lack
 * what an object literal cannot hold, such as a member named `__proto__`.
 */
function check<S extends z.ZodMiniType>(schema: S, raw: RawMessage): Result<z.infer<S>, WireError> {
  const parsed = schema.safeParse(raw.value);
  return parsed.success
    ? ok(raw.value as z.infer<S>)
    : refuse('invalid_message', describeInvalid(raw.type, parsed.error));
}

function readLists(frame: DownFrameMessage): ReadGreeting<DownMessage> {
  if (frame.type === 'hello') return readHello(frame);
  if (frame.type === 'hub_hello') return readHubHello(frame);
  return { message: frame, unreadable: 0 };
}

function refuseType(type: string, expected: string): { readonly ok: false; readonly error: WireError } {
  const name = JSON.stringify(type.slice(0, 64));
  return refuse('unknown_type', `A frame of type ${name} means nothing here. What is understood: ${expected}.`);
}

function hasType(message: unknown): boolean {
  return isRecord(message) && typeof message['type'] === 'string';
}
