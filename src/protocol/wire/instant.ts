/**
 * A moment to the nanosecond. A `number` of nanoseconds would not be exact and
 * a `bigint` is slow, so it is two safe integers: milliseconds since the Unix
 * epoch, and the nanoseconds (0 to 999,999) below that millisecond.
 */
export interface Instant {
  readonly ms: number;
  readonly ns: number;
}

const ISO_INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))$/;
/** `Date.UTC` takes the years 0 to 99 for those of the last century; 400 years later the calendar is the same. */
const CALENDAR_YEARS = 400;
const CALENDAR_MS = 146_097 * 86_400_000;

/**
 * The instant that an ISO 8601 text names, or `undefined` if it names none. It
 * takes any number of fraction digits (the JVM drops trailing zeros, and whole
 * fractions), cuts after nanoseconds, and needs `Z` or an offset: without one
 * the text would mean another moment on every machine.
 */
export function parseInstant(text: string): Instant | undefined {
  if (text !== last.text) last = { text, instant: parsePlain(text) ?? parseAny(text) };
  return last.instant;
}

/** What was asked last: of every event its stamp is asked twice, to check it and to keep it. */
let last: { readonly text: string; readonly instant: Instant | undefined } = { text: '', instant: undefined };

/**
 * The instant of a text like `2026-01-31T12:00:00.123456789Z`, which is what nearly all are: read digit by digit it costs a
 * tenth of what the expression does, and every event has one. `undefined` says no more than that it is not so plain.
 */
function parsePlain(text: string): Instant | undefined {
  const end = text.length - 1;
  const hasFraction = end > PLAIN_SECONDS_END;
  if (end < PLAIN_SECONDS_END || end > PLAIN_END || text.charCodeAt(end) !== ZULU || !isPunctuated(text))
    return undefined;
  if (hasFraction && (text.charCodeAt(PLAIN_SECONDS_END) !== POINT || end === PLAIN_SECONDS_END + 1)) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, PLAIN_SECONDS_END);
  const fraction = hasFraction ? digits(text, PLAIN_SECONDS_END + 1, end) : 0;
  const isPlain = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour <= 23;
  // What is no digit makes NaN, which is on no side of anything.
  if (!isPlain || !(minute <= 59) || !(second <= 59) || !(fraction >= 0)) return undefined;
  const nanos = hasFraction ? fraction * 10 ** (PLAIN_END - end) : 0;
  const belowMs = nanos % 1_000_000;
  return { ms: Date.UTC(year, month - 1, day, hour, minute, second) + (nanos - belowMs) / 1_000_000, ns: belowMs };
}

const ZERO = 0x30;
const ZULU = 0x5a;
const POINT = 0x2e;
/** Where the seconds end, and where the last `Z` may stand: behind nine digits of a fraction. */
const PLAIN_SECONDS_END = 19;
const PLAIN_END = 29;

function isPunctuated(text: string): boolean {
  return text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':';
}

/** The whole number that stands there; NaN if anything else does. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAny(text: string): Instant | undefined {
  const match = ISO_INSTANT.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] =
    match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const monthIndex = Number(month) - 1;
  const dayMs = Date.UTC(Number(year) + CALENDAR_YEARS, monthIndex, Number(day)) - CALENDAR_MS;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  const seconds = (Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second);
  const nanos = Number(fraction.padEnd(9, '0'));
  return { ms: dayMs + seconds * 1000 + Math.floor(nanos / 1_000_000), ns: nanos % 1_000_000 };
}

/** Below 0 if `a` is before `b`, above 0 if it is after, 0 if they are the same nanosecond. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.ns - b.ns;
}

/** How far `a` is after `b`, in milliseconds with a fraction; negative if it is before. */
export function instantDifferenceMs(a: Instant, b: Instant): number {
  return a.ms - b.ms + (a.ns - b.ns) / 1_000_000;
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(year + CALENDAR_YEARS, month, 0)).getUTCDate();
}
