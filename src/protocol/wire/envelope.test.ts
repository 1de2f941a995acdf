import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envelopeSchema, isEnvelope } from './envelope.ts';

const text = fc.option(fc.string(), { nil: undefined });
const producer = fc.record({
  producerId: fc.oneof(fc.string(), fc.constant('x'.repeat(257)), fc.constant(' \t')),
  serviceName: fc.option(fc.string(), { nil: null }),
  instanceId: text,
  host: text,
  version: text,
  tags: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: null }),
});
const envelope = fc.record({
  type: fc.constantFrom('event', 'token'),
  producer,
  sequence: fc.oneof(fc.integer({ min: -1, max: 9 }), fc.double()),
  receivedAt: fc.constantFrom('2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00+01:00', '2026-01-31', ''),
  message: fc.anything(),
});
/** A value with one of its members, or of its producer's, replaced or taken away. */
const damaged = fc.tuple(envelope, fc.string(), fc.constantFrom('', 'producer.', 'producer.tags.'), fc.jsonValue());

test('says of every value what the schema says of it', () => {
  const verdicts = new Set<boolean>();
  const agrees = (value: unknown) => {
    const parsed = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
    const verdict = isEnvelope(parsed);
    verdicts.add(verdict);
    expect(verdict).toBe(envelopeSchema.safeParse(parsed).success);
  };
  fc.assert(fc.property(envelope, agrees), { numRuns: 100 });
  const names = [
    'type',
    'producerId',
    'serviceName',
    'instanceId',
    'host',
    'version',
    'tags',
    'sequence',
    'receivedAt',
  ];
  fc.assert(
    fc.property(
      damaged,
      fc.constantFrom(...names, 'producer', 'message'),
      ([value, other, where, replacement], name) => {
        const copy = JSON.parse(JSON.stringify(value)) as Record<string, Record<string, unknown>>;
        const target = where === '' ? copy : where === 'producer.' ? copy['producer'] : copy['producer']?.['tags'];
        if (typeof target !== 'object' || target === null) return;
        Object.assign(target, { [where === 'producer.tags.' ? other : name]: replacement });
        agrees(copy);
      },
    ),
    { numRuns: 300 },
  );
  expect(verdicts).toEqual(new Set([true, false]));
});
