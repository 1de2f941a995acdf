import { endOfJsonString } from './json-string.ts';

const WHITESPACE = /[^ \t\n\r]/g;
const END_OF_SCALAR = /[,\]} \t\n\r]/g;
const NEXT_BRACKET_OR_STRING = /["[\]{}]/g;

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
  let index = next(WHITESPACE, json, 0);
  if (json[index] !== '{') return undefined;
  index = next(WHITESPACE, json, index + 1);
  while (json[index] === '"') {
    const keyEnd = endOfJsonString(json, index);
    const colon = next(WHITESPACE, json, keyEnd);
    if (keyEnd === -1 || json[colon] !== ':') return undefined;
    const start = next(WHITESPACE, json, colon + 1);
    const end = endOfValue(json, start);
    if (end === -1) return undefined;
    if (isKey(json.slice(index, keyEnd), key)) found = json.slice(start, end);
    const comma = next(WHITESPACE, json, end);
    if (json[comma] !== ',') break;
    index = next(WHITESPACE, json, comma + 1);
  }
  return found;
}

/** Index of the first match at or behind `from`; the length of the text if there is none. */
function next(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function endOfValue(json: string, start: number): number {
  const first = json[start];
  if (first === undefined) return -1;
  if (first === '"') return endOfJsonString(json, start);
  if (first === '{' || first === '[') return endOfNested(json, start);
  return next(END_OF_SCALAR, json, start);
}

function endOfNested(json: string, start: number): number {
  let depth = 0;
  let index = start;
  while (index < json.length) {
    const character = json[index];
    if (character === '"') {
      index = endOfJsonString(json, index);
      if (index === -1) return -1;
    } else {
      depth += character === '{' || character === '[' ? 1 : -1;
      index += 1;
      if (depth === 0) return index;
    }
    index = next(NEXT_BRACKET_OR_STRING, json, index);
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
