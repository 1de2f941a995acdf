import { describe, expect, test } from 'vitest';
import { MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { readArrival, readLimitsOf, refuseText } from './read-arrival.ts';

function envelope(message: object): string {
  return JSON.stringify({
    type: 'event',
    producer: { producerId: 'p1' },
    sequence: 3,
    receivedAt: '2026-01-01T00:00:00.000000001Z',
    message,
  });
}

describe('readArrival', () => {
  test('keeps the text, and the few fields by which a message finds its place', () => {
    const text = envelope({
      type: 'llm_iteration_started',
      agentRole: 'Writer',
      taskDescription: 'Draft ü',
      iterationIndex: 2,
      messages: [],
    });
    const read = readArrival(text, DEFAULT_LIMITS);
    expect(read).toMatchObject({
      ok: true,
      value: {
        arrival: {
          producer: { producerId: 'p1' },
          sequence: 3,
          receivedAt: { ms: Date.parse('2026-01-01'), ns: 1 },
          text,
          type: 'llm_iteration_started',
        },
        message: { type: 'llm_iteration_started' },
      },
    });
    expect(read.ok && read.value.arrival.message).toEqual({
      agentRole: 'Writer',
      taskDescription: 'Draft ü',
      iterationIndex: 2,
    });
    expect(read.ok && read.value.arrival.bytes).toBeGreaterThan(Buffer.byteLength(text));
  });

  test('takes what it does not understand, as it is', () => {
    for (const message of [{ type: 'future' }, { type: 'task_started', taskIndex: 'one' }]) {
      const read = readArrival(envelope(message), DEFAULT_LIMITS);
      expect(read).toMatchObject({ ok: true, value: { message: undefined } });
    }
  });

  test('says what is wrong with the rest', () => {
    expect(readArrival('x', DEFAULT_LIMITS)).toMatchObject({ ok: false, error: { code: 'not_json' } });
  });
});

describe('refuseText', () => {
  test('refuses what is too long or holds too many values', () => {
    expect(refuseText('x', MESSAGE_MAX_BYTES, DEFAULT_LIMITS)).toBeUndefined();
    expect(refuseText('x', MESSAGE_MAX_BYTES + 1, DEFAULT_LIMITS)).toMatchObject({ code: 'too_large' });
    const many = `[${'0,'.repeat(100_001)}0]`;
    expect(refuseText(many, many.length, DEFAULT_LIMITS)).toMatchObject({ code: 'too_large' });
  });
});

describe('readLimitsOf', () => {
  test('lets the codec read as much and as deep as the relay takes', () => {
    const limits = { ...DEFAULT_LIMITS, maxMessageBytes: 7, maxJsonDepth: 3 };
    expect(readLimitsOf(limits)).toEqual({ maxChars: 7, maxDepth: 3 });
  });
});
