import type { Envelope } from '../protocol/wire/envelope.ts';
import type { PeerError } from './read-arrival.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What bounds the names that a producer gives. */
export type NameLimits = Pick<RelayLimits, 'maxNameChars' | 'maxTags'>;

/** Ids of a message that are kept for as long as what they name. */
const KEPT_IDS = ['ensembleId', 'reviewId'] as const;
/** The same, and the words of a review that are kept when its texts are not. */
const KEPT_OF_REVIEW = [...KEPT_IDS, 'timing', 'onTimeout'] as const;

/**
 * Why an envelope is not taken because of what its producer says of itself, or
 * of the ids in its message: they are kept and repeated far longer than the
 * text of a message, so each is a name and no document. `undefined` if it is.
 */
export function refuseNames({ producer, message }: Envelope, limits: NameLimits): PeerError | undefined {
  return (
    refuseMembers('tags', producer.tags ?? {}, limits) ??
    refuseMembers('members', producer, limits) ??
    refuseIds(message as object, limits)
  );
}

/** Every event comes through here, so nothing is made that is not needed. The tags are no member of their producer. */
function refuseMembers(what: 'tags' | 'members', of: object, limits: NameLimits): PeerError | undefined {
  let count = 0;
  for (const name of Object.keys(of)) {
    if (what === 'members' && name === 'tags') continue;
    count += 1;
    if (count > limits.maxTags) return tooMany(what, limits.maxTags);
    if (name.length > limits.maxNameChars || isLong(member(of, name), limits.maxNameChars)) {
      return tooLong(name, limits.maxNameChars);
    }
  }
  return undefined;
}

function refuseIds(message: object, limits: NameLimits): PeerError | undefined {
  const names = member(message, 'type') === 'review_requested' ? KEPT_OF_REVIEW : KEPT_IDS;
  const long = names.find((name) => isLong(member(message, name), limits.maxNameChars));
  return long === undefined ? undefined : tooLong(long, limits.maxNameChars);
}

function member(of: object, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name];
}

function isLong(value: unknown, maxChars: number): boolean {
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
