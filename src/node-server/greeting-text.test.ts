import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../hub/logged-event.ts';
import { hubHelloText } from './greeting-text.ts';
import type { LongText } from './long-frames.ts';

function event(sequence: number, message: string): LoggedEvent {
  const text = `{"type":"event","sequence":${sequence},"message":${message}}`;
  return { epoch: 1, sequence, receivedAt: { ms: 0, ns: 0 }, arrivedAtMs: 0, text, type: 't', message: {}, bytes: 1 };
}

function textOf(text: LongText): string {
  const parts = typeof text === 'string' ? [text] : text;
  return parts.map((part) => (typeof part === 'string' ? part : part.map((kept) => kept.text).join(','))).join('');
}

describe('hubHelloText', () => {
  test('leaves out what would be empty', () => {
    expect(textOf(hubHelloText([], []))).toBe('{"type":"hub_hello"}');
    const greeted = { info: { producerId: 'p' }, iterations: [{ completed: event(1, '{}') }] };
    expect(textOf(hubHelloText([greeted], []))).toBe('{"type":"hub_hello","producers":[{"producerId":"p"}]}');
  });

  test('holds events and iterations as they came', () => {
    const started = event(1, '{ "n": 1.0 }');
    const completed = event(2, '{"n":12345678901234567890}');
    const info = { producerId: '__proto__"', serviceName: 's' };
    const iterations = [{ started, completed }, { started }];
    expect(textOf(hubHelloText([{ info, iterations }], [started, completed]))).toBe(
      '{"type":"hub_hello","producers":[{"producerId":"__proto__\\"","serviceName":"s"}],' +
        `"snapshotTrace":[${started.text},${completed.text}],` +
        '"iterationsByProducer":{"__proto__\\"":[{"started":{ "n": 1.0 },"completed":{"n":12345678901234567890}},' +
        '{"started":{ "n": 1.0 }}]}}',
    );
  });
});
