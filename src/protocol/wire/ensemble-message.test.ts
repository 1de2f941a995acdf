import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeEnsembleMessage,
  DURABLE_TYPES,
  ENSEMBLE_SCHEMAS,
  EPHEMERAL_TYPES,
  ITERATION_TYPES,
  RAW_TYPES,
} from './ensemble-message.ts';

const KNOWN = ENSEMBLE_SCHEMAS.map((schema) => String(schema.shape.type.def.values[0]));

describe('decodeEnsembleMessage', () => {
  test('gives back the very message, with what it does not know', () => {
    const message = {
      type: 'tool_called',
      agentRole: 'Analyst',
      taskIndex: 0,
      toolName: 'search',
      durationMs: 3,
      outcome: 'LATER',
      extra: [{}],
    };
    const decoded = decodeEnsembleMessage(message);
    expect(decoded.kind).toBe('known');
    expect(decoded.kind === 'known' && decoded.message).toBe(message);
  });

  test.each(RAW_TYPES)('keeps %s as it is', (type) => {
    const message = { type, anything: [1, { two: 3 }] };
    expect(decodeEnsembleMessage(message)).toEqual({ kind: 'unknown', type, message });
  });

  test.each([undefined, null, 'token', 7, [], {}, { type: null }, { type: 7 }])('cannot read %j', (value) => {
    const decoded = decodeEnsembleMessage(value);
    expect(decoded.kind).toBe('unreadable');
    expect(decoded.kind === 'unreadable' && decoded.reason).toMatch(/\.$/);
  });

  test.each(KNOWN)('cannot read a %s without its members, or takes it as it is', (type) => {
    const decoded = decodeEnsembleMessage({ type });
    expect(decoded.kind).toBe(type === 'heartbeat' ? 'known' : 'unreadable');
    if (decoded.kind === 'unreadable') expect(decoded.reason).toContain(`"${type}"`);
  });

  test('names the member that is wrong, however deep', () => {
    const message = {
      type: 'llm_iteration_started',
      agentRole: 'Analyst',
      taskDescription: 'Weigh',
      iterationIndex: 0,
      messages: [{ role: 'user' }, { role: 7 }],
    };
    expect(decodeEnsembleMessage(message)).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('"messages.1.role"'),
    });
  });

  test('never throws', () => {
    const types = fc.oneof(fc.constantFrom(...KNOWN), fc.string());
    const keys = ENSEMBLE_SCHEMAS.flatMap((schema) => Object.keys(schema.shape)).filter((key) => key !== 'type');
    const members = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue());
    fc.assert(
      fc.property(types, members, (type, rest) => {
        const value = { ...rest, type };
        const decoded = decodeEnsembleMessage(value);
        if (decoded.kind !== 'unreadable') expect(decoded.message).toBe(value);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the kinds of messages', () => {
  test('are types that exist, and no type is of two kinds', () => {
    const kinds = [...DURABLE_TYPES, ...ITERATION_TYPES, ...EPHEMERAL_TYPES];
    expect(new Set(kinds).size).toBe(kinds.length);
    for (const type of kinds) expect([...KNOWN, 'pong']).toContain(type);
  });

  test('leave reviews and metrics to be neither repeated nor forgotten', () => {
    const kinds = new Set<string>([...DURABLE_TYPES, ...ITERATION_TYPES, ...EPHEMERAL_TYPES]);
    const rest = KNOWN.filter((type) => !kinds.has(type));
    expect(rest).toEqual(['review_requested', 'review_timed_out', 'metrics_snapshot']);
  });
});
