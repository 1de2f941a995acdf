import { endOfJsonString } from '../protocol/wire/json-string.ts';

const QUOTE = '"';
const NEXT = /["[{,]/g;

/**
 * Whether a JSON text holds more than `maxItems` members, items, lists and
 * objects in all. Each costs many times its two bytes once it is parsed, so a
 * short text can take much memory. It does not ask whether the text is JSON.
 */
export function hasMoreItemsThan(json: string, maxItems: number): boolean {
  // Every item needs a character of its own.
  if (json.length <= maxItems) return false;
  let items = 0;
  NEXT.lastIndex = 0;
  for (let found = NEXT.exec(json); found !== null; found = NEXT.exec(json)) {
    if (found[0] === QUOTE) NEXT.lastIndex = behindString(json, found.index);
    else items += 1;
    if (items > maxItems) return true;
  }
  return false;
}

/** Behind the string that opens there, or behind everything if it never closes. */
function behindString(json: string, open: number): number {
  const end = endOfJsonString(json, open);
  return end === -1 ? json.length : end;
}
