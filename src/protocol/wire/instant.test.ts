import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareInstants, type Instant, instantDifferenceMs, parseInstant } from './instant.ts';

function must(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`no instant: ${text}`);
  return instant;
}

/** An instant as one number of nanoseconds, which is exact, as the oracle. */
function nanos(instant: Instant): bigint {
  return BigInt(instant.ms) * 1_000_000n + BigInt(instant.ns);
}

describe('parseInstant', () => {
  test.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01T00:00:00.000000001Z', 0, 1],
    ['1970-01-01T00:00:01.5Z', 1500, 0],
    ['1970-01-01T00:00:00.001234567Z', 1, 234_567],
    ['1970-01-01T00:00:00.1200Z', 120, 0],
    ['1970-01-01T00:00:00.123456789987Z', 123, 456_789],
    ['1970-01-01T00:00Z', 0, 0],
    ['1970-01-01t00:00:00z', 0, 0],
    ['1970-01-01T01:00:00+01:00', 0, 0],
    ['1969-12-31T23:00:00.25-0100', 250, 0],
    ['1969-12-31T23:59:59.999999999Z', -1, 999_999],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000, 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 0],
    ['1969-12-31T18:30:00-05:30', 0, 0],
    ['2026-11-22T11:21:55.468942760Z', Date.UTC(2026, 10, 22, 11, 21, 55, 468), 942_760],
  ])('%s', (text, ms, ns) => {
    expect(parseInstant(text)).toEqual({ ms, ns });
  });

  test.each([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:60Z',
    '2026-01-31T12:00:00+24:00',
    '2026-13-01T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:00:00.Z',
    ' 2026-01-31T12:00:00Z',
    '2026-01-31T12:00:00Z\n',
    '1769860800000',
    '2026-01-31T12:00:00+99:99',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test('takes no time over a text of many digits', () => {
    expect(parseInstant(`2026-01-31T12:00:00.${'0'.repeat(100_000)}X`)).toBeUndefined();
  });
});

describe('an instant as a number', () => {
  const instants = fc.record({
    ms: fc.integer({ min: Date.UTC(1970), max: Date.UTC(2200) }),
    ns: fc.integer({ min: 0, max: 999_999 }),
  });

  test('is what its text said, however many trailing zeros were dropped', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const fraction = String(instant.ms % 1000).padStart(3, '0') + String(instant.ns).padStart(6, '0');
        const whole = new Date(instant.ms).toISOString().slice(0, 19);
        expect(parseInstant(`${whole}.${fraction}Z`)).toEqual(instant);
        const trimmed = fraction.replace(/0+$/, '');
        expect(parseInstant(trimmed === '' ? `${whole}Z` : `${whole}.${trimmed}Z`)).toEqual(instant);
      }),
    );
  });

  test('is the moment that the platform reads, to the millisecond, in every zone', () => {
    const offsets = fc.integer({ min: -1439, max: 1439 });
    fc.assert(
      fc.property(fc.date({ min: new Date(-60_000_000_000_000), noInvalidDate: true }), offsets, (date, minutes) => {
        fc.pre(date.getTime() < 250_000_000_000_000);
        const size = Math.abs(minutes);
        const zone = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
        const text = `${date.toISOString().slice(0, -1)}${minutes < 0 ? '-' : '+'}${zone}`;
        expect(parseInstant(text)?.ms).toBe(Date.parse(text));
      }),
    );
  });

  test('compares as its nanoseconds do', () => {
    fc.assert(
      fc.property(instants, instants, fc.boolean(), (a, other, sameMs) => {
        const b = sameMs ? { ms: a.ms, ns: other.ns } : other;
        const expected = nanos(a) < nanos(b) ? -1 : nanos(a) > nanos(b) ? 1 : 0;
        expect(Math.sign(compareInstants(a, b))).toBe(expected);
        expect(compareInstants(a, a)).toBe(0);
      }),
    );
  });

  test('differs by milliseconds with a fraction', () => {
    const a = must('2026-01-31T12:00:01.000000500Z');
    const b = must('2026-01-31T12:00:00Z');
    expect(instantDifferenceMs(a, b)).toBeCloseTo(1000.0005, 9);
    expect(instantDifferenceMs(b, a)).toBeCloseTo(-1000.0005, 9);
    expect(instantDifferenceMs(a, a)).toBe(0);
  });
});

test('a plain text is read as any other that names the same moment', () => {
  const damaged = fc.tuple(
    fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    fc.stringMatching(/^\d{0,10}$/),
    fc.option(fc.tuple(fc.nat(30), fc.constantFrom('0', '3', '9', ':', '.', 'T', ' '))),
  );
  fc.assert(
    fc.property(damaged, ([date, fraction, damage]) => {
      const plain = `${date.toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}`;
      const at = damage?.[0] ?? plain.length;
      const text = plain.slice(0, at) + (damage?.[1] ?? '') + plain.slice(at + 1);
      expect(parseInstant(`${text}Z`)).toEqual(parseInstant(`${text}+00:00`));
    }),
    { numRuns: 5000 },
  );
});
