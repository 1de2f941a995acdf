import { err, ok, type Result } from '../result.ts';
import type { ErrorCode } from './error.ts';
import { isJsonDeeperThan } from './json-depth.ts';
import { isRecord } from './wire-value.ts';

/** Why a frame could not be read; a subset of the codes that a typed error carries to its sender. */
export type WireErrorCode = Extract<
  ErrorCode,
  'too_large' | 'too_deep' | 'not_json' | 'not_a_message' | 'unknown_type' | 'invalid_message'
>;

/** A frame that could not be read. `message` is a sentence: what is wrong, with what, and what to do. */
export interface WireError {
  readonly code: WireErrorCode;
  readonly message: string;
}

/** How much text, and how deeply nested, is read at all. */
export interface ReadLimits {
  readonly maxChars: number;
  readonly maxDepth: number;
}

/** A message before its schema has been asked. */
export interface RawMessage {
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The JSON object that a text holds. Size and depth are looked at before it is parsed. */
export function readObject(text: string, limits: ReadLimits): Result<Readonly<Record<string, unknown>>, WireError> {
  if (text.length > limits.maxChars) {
    return refuse(
      'too_large',
      `The frame has ${text.length} characters and at most ${limits.maxChars} are read. Send less in one message.`,
    );
  }
  if (isJsonDeeperThan(text, limits.maxDepth)) {
    return refuse(
      'too_deep',
      `The frame nests lists and objects more than ${limits.maxDepth} deep. Send flatter data, or send it as text.`,
    );
  }
  const value = parseJson(text);
  if (value === undefined) return refuse('not_json', 'The frame is not JSON. Send one JSON object in each frame.');
  return isRecord(value)
    ? ok(value)
    : refuse('not_a_message', 'The frame is JSON but no object. Send one JSON object in each frame.');
}

/** As {@link readObject}, and the object has a text member `type`. */
export function readMessage(text: string, limits: ReadLimits): Result<RawMessage, WireError> {
  const object = readObject(text, limits);
  if (!object.ok) return object;
  const type = object.value['type'];
  return typeof type === 'string'
    ? ok({ type, value: object.value })
    : refuse('not_a_message', 'The frame has no text member "type". Every message says with it what it is.');
}

/** A {@link WireError} as the result of whatever was to be read. */
export function refuse(code: WireErrorCode, message: string): { readonly ok: false; readonly error: WireError } {
  return err({ code, message });
}

/** `undefined` stands for what is not JSON, for JSON itself cannot hold it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
