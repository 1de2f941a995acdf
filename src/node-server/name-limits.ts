import type { Envelope } from '../protocol/wire/envelope.ts';
import type { PeerError } from './read-arrival.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What bounds the names that a producer gives. */
export type NameLimits = Pick<RelayLimits, 'maxNameChars' | 'maxTags'>;

/** Ids of a message that are kept for as long as what they name. */
const KEPT_IDS = ['ensembleId', 'reviewId'] as const;

/**
 * Why an envelope is not taken because of what its producer says of itself, or
 * of the ids in its message: they are kept and repeated far longer than the
 * text of a message, so each is a name and no document. `undefined` if it is.
 */
export function refuseNames({ producer, message }: Envelope, limits: NameLimits): PeerError | undefined {
  const { tags, ...rest } = producer;
  const tagEntries = Object.entries(tags ?? {});
  const infoEntries = Object.entries(rest);
  for (const [about, entries] of [
    ['tags', tagEntries],
    ['members', infoEntries],
  ] as const) {
    if (entries.length > limits.maxTags) return tooMany(about, limits.maxTags);
  }
  const ids = KEPT_IDS.map((name) => [name, (message as Readonly<Record<string, unknown>>)[name]] as const);
  const longest = [...infoEntries, ...tagEntries, ...ids].find((entry) => isLong(entry, limits.maxNameChars));
  return longest === undefined ? undefined : tooLong(longest[0], limits.maxNameChars);
}

function isLong([name, value]: readonly [string, unknown], maxChars: number): boolean {
  if (name.length > maxChars) return true;
  if (typeof value === 'string') return value.length > maxChars;
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > maxChars;
}

function tooMany(what: 'tags' | 'members', max: number): PeerError {
  return {
    code: 'invalid_message',
    message: `The producer of the event has more than ${max} ${what}. Send fewer.`,
  };
}

function tooLong(name: string, maxChars: number): PeerError {
  const shown = JSON.stringify(name.slice(0, 64));
  return {
    code: 'invalid_message',
    message: `The member ${shown} of the event is longer than ${maxChars} characters. Give it a shorter name.`,
  };
}
