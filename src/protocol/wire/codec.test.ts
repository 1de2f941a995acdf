import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDecisionDelivery, decodeDown, decodeEnvelope, decodeUp, encode } from './codec.ts';
import { MESSAGE_MAX_BYTES, RELAY_JSON_MAX_DEPTH, SOURCE_JSON_MAX_DEPTH } from './limits.ts';

const PRODUCER = { producerId: 'svc-a-1' };
const EVENT = {
  type: 'event',
  producer: PRODUCER,
  sequence: 1,
  receivedAt: '2026-01-31T12:00:00.123456789Z',
  message: { type: 'task_failed' },
};
const STARTED = {
  type: 'llm_iteration_started',
  agentRole: 'Analyst',
  taskDescription: 'Weigh',
  iterationIndex: 0,
  messages: [],
};

const DECODERS = { decodeDown, decodeUp, decodeEnvelope, decodeDecisionDelivery };
type DecoderName = keyof typeof DECODERS;
const DECODER_NAMES = Object.keys(DECODERS) as DecoderName[];

function codeOf(name: DecoderName, text: string): string {
  const result = DECODERS[name](text);
  return result.ok ? 'ok' : result.error.code;
}

function known(frame: unknown): unknown {
  const result = decodeDown(JSON.stringify(frame));
  return result.ok && result.value.kind === 'known' ? result.value.message : result;
}

describe.each(DECODER_NAMES)('%s', (name) => {
  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const result = DECODERS[name](text);
        if (!result.ok) expect(result.error.message).toMatch(/\.$/);
      }),
      { numRuns: 500 },
    );
  });

  test('never throws, whatever the members of a message', () => {
    const types = ['event', 'hello', 'hub_hello', 'ping', 'review_decision', 'task_started', '__proto__', 'toString'];
    const keys = ['producer', 'sequence', 'receivedAt', 'message', 'reviewId', 'decisionJson', 'snapshotTrace'];
    const members = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...types), members, (type, rest) => {
        const result = DECODERS[name](JSON.stringify({ ...rest, type }));
        if (!result.ok) expect(result.error.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['', 'not_json'],
    ['{', 'not_json'],
    ['\ufeff{}', 'not_json'],
    ['null', 'not_a_message'],
    ['[]', 'not_a_message'],
    ['"ping"', 'not_a_message'],
    ['7', 'not_a_message'],
    ['['.repeat(500_000), 'too_deep'],
    [`{"type":"x","reviewId":"r","decisionJson":"","deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'too_deep'],
  ])('refuses %.20j', (text, code) => {
    expect(codeOf(name, text)).toBe(code);
  });
});

describe.each(['decodeDown', 'decodeUp', 'decodeEnvelope'] as const)('%s', (name) => {
  test.each(['{}', '{"type":null}', '{"type":7}', '{"type":["ping"]}'])('refuses %s, which has no type', (text) => {
    expect(codeOf(name, text)).toBe('not_a_message');
  });
});

test.each([
  ['decodeDown', (text: string, maxChars: number) => decodeDown(text, maxChars)],
  ['decodeUp', (text: string, maxChars: number) => decodeUp(text, { maxChars, maxDepth: 1 })],
  ['decodeEnvelope', (text: string, maxChars: number) => decodeEnvelope(text, { maxChars, maxDepth: 1 })],
] as const)('%s looks at the size before anything else', (_, decode) => {
  const text = 'x'.repeat(100);
  expect(decode(text, 99)).toMatchObject({ error: { code: 'too_large' } });
  expect(decode(text, 100)).toMatchObject({ error: { code: 'not_json' } });
});

test.each([
  ['decodeUp', decodeUp],
  ['decodeEnvelope', decodeEnvelope],
] as const)('%s reads as deep as it is told', (_, decode) => {
  const deep = (depth: number) =>
    decode(`{"type":"x","y":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`, { maxChars: 99, maxDepth: 5 });
  expect(deep(6)).toMatchObject({ error: { code: 'too_deep' } });
  expect(deep(5)).toMatchObject({ error: { code: 'unknown_type' } });
});

describe('decodeDown', () => {
  test('keeps members that it does not know, at every depth, and in their order', () => {
    const text = '{"zzz":1,"type":"pong","aaa":{"__proto__":{"x":1},"b":[null]},"__proto__":{"polluted":true}}';
    const result = decodeDown(text);
    expect(result).toMatchObject({ ok: true, value: { kind: 'known', unreadable: 0 } });
    expect(JSON.stringify(result.ok && result.value.message)).toBe(text);
    expect({}).not.toHaveProperty('polluted');
  });

  test('hands on a type that it does not know as it is', () => {
    const frame = { type: 'dream_started', depth: { of: 'sleep' } };
    expect(decodeDown(JSON.stringify(frame))).toEqual({
      ok: true,
      value: { kind: 'unknown', type: 'dream_started', message: frame },
    });
    expect(decodeDown('{"type":"constructor"}')).toMatchObject({ value: { kind: 'unknown', type: 'constructor' } });
  });

  test('does not look into the message of an event', () => {
    expect(known({ ...EVENT, message: 'nonsense' })).toEqual({ ...EVENT, message: 'nonsense' });
    expect(known(EVENT)).toEqual(EVENT);
  });

  test('says which member is wrong, and not what is in it', () => {
    const result = decodeDown('{"type":"task_started","taskIndex":"hunter2"}');
    expect(result).toMatchObject({ error: { code: 'invalid_message' } });
    const text = JSON.stringify(result);
    expect(text).toContain('task_started');
    expect(text).toContain('taskIndex');
    expect(text).not.toContain('hunter2');
  });

  test('reads text as deep as a JVM writes it, and what it read can be written again', () => {
    const depth = SOURCE_JSON_MAX_DEPTH - 1;
    const text = `{"type":"pong","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const result = decodeDown(text);
    expect(result.ok && result.value.kind === 'known' && encode(result.value.message)).toBe(text);
  });

  test('leaves a bad iteration out of a greeting and counts it', () => {
    const hello = { type: 'hello', extra: 1, recentIterations: [{ started: STARTED }, { started: {} }, null] };
    expect(decodeDown(JSON.stringify(hello))).toEqual({
      ok: true,
      value: { kind: 'known', message: { ...hello, recentIterations: [{ started: STARTED }] }, unreadable: 2 },
    });
  });

  test('leaves what is bad out of the lists of a hub and counts it', () => {
    const text = `{"type":"hub_hello","extra":1,
      "producers":[${JSON.stringify(PRODUCER)},{"producerId":" "},7],
      "snapshotTrace":[{"type":"event"},${JSON.stringify(EVENT)},${JSON.stringify({ ...EVENT, receivedAt: 'soon' })}],
      "iterationsByProducer":{"a":[${JSON.stringify({ started: STARTED })},{}],"b":"none","__proto__":[]}}`;
    const result = decodeDown(text);
    expect(result).toMatchObject({ ok: true, value: { unreadable: 6 } });
    const expected = `{"type":"hub_hello","extra":1,
      "producers":[${JSON.stringify(PRODUCER)}],
      "snapshotTrace":[${JSON.stringify(EVENT)}],
      "iterationsByProducer":{"a":[${JSON.stringify({ started: STARTED })}],"__proto__":[]}}`;
    expect(JSON.stringify(result.ok && result.value.message)).toBe(JSON.stringify(JSON.parse(expected)));
  });

  test('does not add lists to a greeting that lacks them', () => {
    const result = decodeDown('{"type":"hub_hello","producers":null,"snapshotTrace":[{}]}');
    expect(result).toEqual({
      ok: true,
      value: {
        kind: 'known',
        message: { type: 'hub_hello', producers: null, snapshotTrace: [] },
        unreadable: 1,
      },
    });
  });

  test('refuses a greeting whose lists are none', () => {
    expect(codeOf('decodeDown', '{"type":"hub_hello","snapshotTrace":{}}')).toBe('invalid_message');
    expect(codeOf('decodeDown', '{"type":"hello","recentIterations":7}')).toBe('invalid_message');
  });
});

describe('decodeUp', () => {
  test('reads a decision, whatever its word', () => {
    const decision = { type: 'review_decision', reviewId: 'r', decision: 'perhaps', extra: [1] };
    expect(decodeUp(JSON.stringify(decision))).toEqual({ ok: true, value: decision });
  });

  test.each([
    ['{"type":"event"}', 'unknown_type'],
    ['{"type":"run_request"}', 'unknown_type'],
    ['{"type":"review_decision","reviewId":"r"}', 'invalid_message'],
    ['{"type":"review_decision","decision":"EDIT"}', 'invalid_message'],
    ['{"type":"review_decision","reviewId":"r","decision":"EDIT","revisedOutput":{}}', 'invalid_message'],
    [`{"type":"ping","pad":"${'x'.repeat(MESSAGE_MAX_BYTES)}"}`, 'too_large'],
  ])('refuses %.80s: %s', (text, code) => {
    expect(codeOf('decodeUp', text)).toBe(code);
  });
});

describe('decodeEnvelope', () => {
  test('reads an envelope with a message of any type', () => {
    const envelope = { ...EVENT, message: { type: 'dream_started', x: 1 }, epoch: 'e' };
    expect(decodeEnvelope(JSON.stringify(envelope))).toEqual({ ok: true, value: envelope });
  });

  test.each([
    ['no producer', { producer: undefined }],
    ['a producer without an id', { producer: {} }],
    ['an empty id', { producer: { producerId: '' } }],
    ['a blank id', { producer: { producerId: ' \t' } }],
    ['an id of 257 characters', { producer: { producerId: 'x'.repeat(257) } }],
    ['a tag that is no text', { producer: { producerId: 'a', tags: { n: 1 } } }],
    ['no sequence', { sequence: undefined }],
    ['sequence 0', { sequence: 0 }],
    ['half a sequence', { sequence: 1.5 }],
    ['a sequence beyond what a number holds', { sequence: 2 ** 53 }],
    ['a sequence as text', { sequence: '1' }],
    ['no receivedAt', { receivedAt: undefined }],
    ['a receivedAt without a zone', { receivedAt: '2026-01-31T12:00:00' }],
    ['no message', { message: undefined }],
    ['a message that is text', { message: '{"type":"token"}' }],
    ['a message that is a list', { message: [] }],
    ['a message without a type', { message: { kind: 'token' } }],
    ['a message whose type is a number', { message: { type: 3 } }],
  ])('refuses %s', (_what, change) => {
    const result = decodeEnvelope(JSON.stringify({ ...EVENT, ...change }));
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_message' } });
    expect(!result.ok && result.error.message).toContain(Object.keys(change)[0]);
  });

  test('takes an id of 256 characters of any kind', () => {
    const envelope = { ...EVENT, producer: { producerId: `${'ü'.repeat(254)} /` } };
    expect(decodeEnvelope(JSON.stringify(envelope))).toEqual({ ok: true, value: envelope });
  });

  test('nests no deeper than a relay reads', () => {
    const deep = (levels: number): string =>
      JSON.stringify({ ...EVENT, message: { type: 'x', deep: 0 } }).replace(
        '"deep":0',
        `"deep":${'['.repeat(levels)}${']'.repeat(levels)}`,
      );
    expect(codeOf('decodeEnvelope', deep(RELAY_JSON_MAX_DEPTH - 2))).toBe('ok');
    expect(codeOf('decodeEnvelope', deep(RELAY_JSON_MAX_DEPTH - 1))).toBe('too_deep');
  });

  test('refuses another type by its name, cut short', () => {
    const result = decodeEnvelope(JSON.stringify({ type: `\n${'x'.repeat(1000)}` }));
    expect(result).toMatchObject({ error: { code: 'unknown_type' } });
    expect(!result.ok && result.error.message.length).toBeLessThan(250);
  });
});

describe('decodeDecisionDelivery', () => {
  test('reads a frame without a type and leaves its text alone', () => {
    const delivery = { reviewId: 'r', decisionJson: '{"type":"review_decision" }' };
    expect(decodeDecisionDelivery(JSON.stringify(delivery))).toEqual({ ok: true, value: delivery });
  });

  test('refuses a decision that is no text', () => {
    expect(codeOf('decodeDecisionDelivery', '{"reviewId":"r","decisionJson":{}}')).toBe('invalid_message');
  });
});

describe('encode', () => {
  test('writes what decodes to the same', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, texts, fc.dictionary(texts, fc.jsonValue()), (reviewId, decision, extra) => {
        const message = { ...extra, type: 'review_decision' as const, reviewId, decision, revisedOutput: null };
        expect(decodeUp(encode(message))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(message)) });
      }),
    );
  });

  test('what was read and written is read the same again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (members, sequence) => {
        const frame = { ...members, ...EVENT, sequence: sequence + 1, message: members };
        const once = decodeDown(JSON.stringify(frame));
        if (!once.ok || once.value.kind !== 'known') throw new Error('an event must be known');
        expect(decodeDown(encode(once.value.message))).toEqual(once);
      }),
    );
  });
});
