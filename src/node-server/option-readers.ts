import { err, ok, type Result } from '../protocol/result.ts';
import { parseByteSize } from './byte-size.ts';
import { parseDurationMs } from './duration.ts';
import { normalHost, normalOrigin } from './trust-policy.ts';

/** Reads the text of one option: what it means, or half a sentence that says what is wrong with it. */
export type Reader<T> = (text: string) => Result<T, string>;

/** Larger numbers of anything are mistakes. */
const COUNT_MAX = 100_000_000;
const BYTES_MAX = 1024 ** 4;

/** Takes whole numbers of a range. */
export function readNumber(lowest: number, highest: number): Reader<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= lowest && value <= highest ? ok(value) : err(`must be a number from ${lowest} to ${highest}`);
  };
}

/** Takes how many there may be of something: at least 1. */
export const readCount = readNumber(1, COUNT_MAX);

/** Takes one of some words, as it is. */
export function readOneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    return word === undefined ? err(`must be one of ${words.join(', ')}`) : ok(word);
  };
}

/** Takes a time, in milliseconds. */
export function readDuration(text: string): Result<number, string> {
  const durationMs = parseDurationMs(text);
  return durationMs === undefined || durationMs === 0 ? err('must be a time like 90s, 30m or 2h') : ok(durationMs);
}

/** Takes a size, in bytes. */
export function readBytes(text: string): Result<number, string> {
  const bytes = parseByteSize(text) ?? 0;
  return bytes > 0 && bytes <= BYTES_MAX ? ok(bytes) : err('must be a size in bytes, like 65536, 512K or 8M');
}

/** Takes a host name or address. */
export function readHost(text: string): Result<string, string> {
  return /^[^\s/@]+$/.test(text) ? ok(text) : err('must be a host name or an IP address');
}

/** Takes a host name that a relay goes by, as browsers write it. */
export function readAllowedHost(text: string): Result<string, string> {
  const host = normalHost(text);
  return host === undefined ? err('must be a host name or an IP address without a port') : ok(host);
}

/** Takes the address of a page, as its origin. */
export function readOrigin(text: string): Result<string, string> {
  const origin = normalOrigin(text);
  return origin === undefined ? err('must be an address like https://example.org') : ok(origin);
}

/** Takes where to keep the log. */
export function readData(text: string): Result<string, string> {
  return text === 'none' ? ok(text) : err('can only be "none": this version keeps its log in memory');
}
