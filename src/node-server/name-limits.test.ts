import { describe, expect, test } from 'vitest';
import type { Envelope } from '../protocol/wire/envelope.ts';
import { refuseNames } from './name-limits.ts';

const LIMITS = { maxNameChars: 20, maxTags: 3 };

function envelope(producer: object, message: object = {}): Envelope {
  return {
    type: 'event',
    producer: { producerId: 'p1', ...producer },
    sequence: 1,
    receivedAt: '2026-01-01T00:00:00Z',
    message: { type: 'x', ...message },
  };
}

describe('refuseNames', () => {
  test.each([
    [
      'names of the greatest length',
      envelope({ serviceName: 'x'.repeat(20), tags: { ['k'.repeat(20)]: 'v'.repeat(20) } }),
    ],
    ['as many tags as there may be', envelope({ tags: { a: '', b: '', c: '' } })],
    ['ids of the greatest length', envelope({}, { ensembleId: 'x'.repeat(20), reviewId: 'x'.repeat(20) })],
    ['members that are null', envelope({ serviceName: null, tags: null }, { reviewId: null })],
    ['a text of any length in the message', envelope({}, { taskOutput: 'x'.repeat(1000), timing: 'x'.repeat(1000) })],
  ])('takes %s', (_, taken) => {
    expect(refuseNames(taken, LIMITS)).toBeUndefined();
  });

  test.each([
    ['"serviceName"', envelope({ serviceName: 'x'.repeat(21) })],
    ['"host"', envelope({ host: 'x'.repeat(21) })],
    ['"future"', envelope({ future: { deep: 'x'.repeat(21) } })],
    ['"a"', envelope({ tags: { a: 'x'.repeat(21) } })],
    [`"${'k'.repeat(21)}"`, envelope({ tags: { ['k'.repeat(21)]: '' } })],
    ['"ensembleId"', envelope({}, { ensembleId: 'x'.repeat(21) })],
    ['"reviewId"', envelope({}, { reviewId: 'x'.repeat(21) })],
    ['"timing"', envelope({}, { type: 'review_requested', timing: 'x'.repeat(21) })],
    ['"onTimeout"', envelope({}, { type: 'review_requested', onTimeout: 'x'.repeat(21) })],
    ['more than 3 tags', envelope({ tags: { a: '', b: '', c: '', d: '' } })],
    ['more than 3 members', envelope({ a: '', b: '', c: '' })],
  ])('refuses what is too long or too much, and names %s', (named, refused) => {
    const refusal = refuseNames(refused, LIMITS);
    expect(refusal?.code).toBe('invalid_message');
    expect(refusal?.message).toContain(named);
  });
});
