/** How far a text is tried as JSON, in UTF-16 units: past this, laying it out would hold up the page. */
const MOST_CHARS = 200_000;

/** A text that is a JSON object or list, laid out with two spaces; undefined for all other text. */
export function prettyJson(text: string): string | undefined {
  const first = text.trimStart().charAt(0);
  if ((first !== '{' && first !== '[') || text.length > MOST_CHARS) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}
