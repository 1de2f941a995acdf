import { createHash } from 'node:crypto';

/** The longest description that stands for itself, in characters. */
const PLAIN_CHARS = 256;

/**
 * What stands for the description of a task where only the same one is looked for: itself, or a digest if it is long. It may
 * be of megabytes, and reviews that are settled are remembered by it.
 */
export function subjectOf(description: string): string {
  if (description.length <= PLAIN_CHARS) return description;
  return `\0${createHash('sha256').update(description, 'utf16le').digest('base64')}`;
}
