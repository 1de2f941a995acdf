/**
 * A moment to the nanosecond. A `number` of nanoseconds would not be exact and
 * a `bigint` is slow, so it is two safe integers: milliseconds since the Unix
 * epoch, and the nanoseconds (0 to 999,999) below that millisecond.
 */
export interface Instant {
  readonly ms: number;
  readonly ns: number;
}

const ISO_INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * The instant that an ISO 8601 text names, or `undefined` if it names none. It
 * takes any number of fraction digits (the JVM drops trailing zeros, and whole
 * fractions), cuts after nanoseconds, and needs `Z` or an offset: without one
 * the text would mean another moment on every machine.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = ISO_INSTANT.exec(text);
  if (match === null) return undefined;
  const [, date = '', minutes = '', seconds = '00', fraction = '', zone = ''] = match;
  const wholeMs = Date.parse(`${date}T${minutes}:${seconds}${isoZone(zone)}`);
  if (Number.isNaN(wholeMs) || !isRealDate(date)) return undefined;
  const nanos = Number(fraction.padEnd(9, '0'));
  return { ms: wholeMs + Math.floor(nanos / 1_000_000), ns: nanos % 1_000_000 };
}

/** Below 0 if `a` is before `b`, above 0 if it is after, 0 if they are the same nanosecond. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.ns - b.ns;
}

/** How far `a` is after `b`, in milliseconds with a fraction; negative if it is before. */
export function instantDifferenceMs(a: Instant, b: Instant): number {
  return a.ms - b.ms + (a.ns - b.ns) / 1_000_000;
}

function isoZone(zone: string): string {
  if (zone.length === 1) return 'Z';
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
}

/** `Date.parse` turns 30 February into 2 March without a word. */
function isRealDate(date: string): boolean {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(date);
}
