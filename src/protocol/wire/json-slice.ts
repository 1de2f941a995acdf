import { endOfJsonString } from './json-string.ts';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * The verbatim text of a member of the object that a JSON text holds, so that
 * a value can be passed on as it was written: numbers with all their digits,
 * members in their order. `undefined` if the text is no object or lacks that
 * member. Of a member that is there twice the last counts, as for `JSON.parse`.
 *
 * The text must have been parsed before: of what is not JSON it makes no sense,
 * though it neither throws nor hangs.
 */
export function topLevelValueText(json: string, key: string): string | undefined {
  let found: string | undefined;
  let index = skipSpace(json, 0);
  if (json.charCodeAt(index) !== OPEN_OBJECT) return undefined;
  index = skipSpace(json, index + 1);
  while (json.charCodeAt(index) === QUOTE) {
    const keyEnd = endOfJsonString(json, index);
    const colon = skipSpace(json, keyEnd);
    if (keyEnd === -1 || json.charCodeAt(colon) !== COLON) return undefined;
    const start = skipSpace(json, colon + 1);
    const end = endOfValue(json, start);
    if (end === -1) return undefined;
    if (isKey(json.slice(index, keyEnd), key)) found = json.slice(start, end);
    const comma = skipSpace(json, end);
    if (json.charCodeAt(comma) !== COMMA) break;
    index = skipSpace(json, comma + 1);
  }
  return found;
}

function skipSpace(json: string, from: number): number {
  let index = from;
  while (isSpace(json.charCodeAt(index))) index += 1;
  return index;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB;
}

/** The index just behind a value, or -1 if the text ends before it does. */
function endOfValue(json: string, start: number): number {
  if (start >= json.length) return -1;
  const first = json.charCodeAt(start);
  if (first === QUOTE) return endOfJsonString(json, start);
  return first === OPEN_OBJECT || first === OPEN_LIST ? endOfNested(json, start) : endOfScalar(json, start);
}

function endOfScalar(json: string, start: number): number {
  for (let index = start; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === COMMA || code === CLOSE_OBJECT || code === CLOSE_LIST || isSpace(code)) return index;
  }
  return json.length;
}

function endOfNested(json: string, start: number): number {
  let depth = 0;
  for (let index = start; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfJsonString(json, index);
      if (end === -1) return -1;
      index = end - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth += 1;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return -1;
}

function isKey(keyText: string, key: string): boolean {
  if (!keyText.includes('\\')) return keyText.slice(1, -1) === key;
  try {
    return JSON.parse(keyText) === key;
  } catch {
    return false;
  }
}
