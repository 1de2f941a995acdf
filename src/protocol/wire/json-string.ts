const QUOTE = '"';
const BACKSLASH = 0x5c;

/**
 * The index just behind the JSON string that opens at `open`, or -1 if it never
 * closes. It jumps from quote to quote, so that long texts cost next to nothing.
 */
export function endOfJsonString(json: string, open: number): number {
  let close = json.indexOf(QUOTE, open + 1);
  while (close !== -1 && isEscaped(json, close)) close = json.indexOf(QUOTE, close + 1);
  return close === -1 ? -1 : close + 1;
}

function isEscaped(json: string, index: number): boolean {
  let before = index - 1;
  while (json.charCodeAt(before) === BACKSLASH) before -= 1;
  return (index - 1 - before) % 2 === 1;
}
