import { describe, expect, test } from 'vitest';
import { MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { readArrival, readLimitsOf, refuseText, textBytes } from './read-arrival.ts';

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
        producer: { producerId: 'p1' },
        sequence: 3,
        receivedAt: { ms: Date.parse('2026-01-01'), ns: 1 },
        text,
        type: 'llm_iteration_started',
        message: { agentRole: 'Writer', taskDescription: 'Draft ü', iterationIndex: 2 },
      },
    });
    expect(read.ok && read.value.bytes).toBeGreaterThan(Buffer.byteLength(text));
    expect(read.ok && textBytes(read.value)).toBe(Buffer.byteLength(text));
  });

  test('takes what it does not understand, as it is', () => {
    for (const message of [{ type: 'future' }, { type: 'task_started', taskIndex: 'one' }]) {
      const read = readArrival(envelope(message), DEFAULT_LIMITS);
      expect(read).toMatchObject({ ok: true, value: { type: message.type, message: { untold: undefined } } });
    }
  });

  const ensembleId = 'e1';
  const taskDescription = 'Draft';
  test.each<object>([
    { type: 'ensemble_started', ensembleId },
    { type: 'ensemble_completed', ensembleId, exitReason: 'COMPLETED' },
    { type: 'task_started', taskDescription, taskIndex: 1, startedAt: '2026-01-01T00:00:00Z' },
    { type: 'task_completed', taskDescription, taskIndex: 1 },
    { type: 'task_failed', taskDescription, taskIndex: 1 },
    { type: 'llm_iteration_started', taskDescription },
    { type: 'llm_iteration_completed', taskDescription },
    { type: 'review_timed_out', reviewId: 'r1', action: 'CONTINUE' },
  ])('has the ledger hear %o, and not without any of its members', (message) => {
    expect(readArrival(envelope(message), DEFAULT_LIMITS)).toMatchObject({
      ok: true,
      value: { message: { untold: message } },
    });
    for (const name of Object.keys(message).filter((key) => key !== 'type')) {
      const read = readArrival(envelope({ ...message, [name]: [] }), DEFAULT_LIMITS);
      expect(read.ok && read.value.message.untold).toBeUndefined();
    }
  });

  test('keeps of a message no more than the log looks at', () => {
    const more = { ensembleId, reviewId: 'r1', agentRole: 'Writer', taskDescription, iterationIndex: 2 };
    const keptOf = (type: string) => {
      const read = readArrival(envelope({ type, ...more }), DEFAULT_LIMITS);
      return read.ok ? JSON.parse(JSON.stringify({ ...read.value.message, untold: undefined })) : read;
    };
    expect(keptOf('ensemble_started')).toEqual({ ensembleId });
    expect(keptOf('review_requested')).toEqual({ reviewId: 'r1' });
    for (const type of ['llm_iteration_started', 'llm_iteration_completed', 'token']) {
      expect(keptOf(type)).toEqual({ agentRole: 'Writer', taskDescription, iterationIndex: 2 });
    }
    expect(keptOf('tool_called')).toEqual({});
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
