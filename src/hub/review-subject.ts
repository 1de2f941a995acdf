/** The longest description that stands for itself, in characters. */
const PLAIN_CHARS = 256;

/**
 * What stands for the description of a task where only the same one is looked for: itself, or its length and a digest if it
 * is long. It may be of megabytes, and reviews that are settled are remembered by it. The digest (FNV-1a, twice) is not made
 * to withstand who looks for another text with the same: such a process would only mislead itself.
 */
export function subjectOf(description: string): string {
  if (description.length <= PLAIN_CHARS) return description;
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let index = 0; index < description.length; index += 1) {
    const unit = description.charCodeAt(index);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b) ^ (second >>> 13);
  }
  return `\0${description.length} ${first >>> 0} ${second >>> 0}`;
}
