import { endOfJsonString } from './json-string.ts';

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Whether lists and objects are nested deeper than `maxDepth` in a JSON text.
 * It looks at brackets alone and does not ask whether the text is JSON.
 */
export function isJsonDeeperThan(json: string, maxDepth: number): boolean {
  return opensMoreThan(json, maxDepth) && nestsDeeperThan(json, maxDepth);
}

/** Whether there are more opening brackets than that at all: few texts have so many, and finding that out costs little. */
function opensMoreThan(json: string, count: number): boolean {
  let left = count;
  for (const bracket of ['{', '[']) {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return true;
    }
  }
  return false;
}

function nestsDeeperThan(json: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfJsonString(json, index);
      if (end === -1) return false;
      index = end - 1;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth -= 1;
    }
  }
  return false;
}
