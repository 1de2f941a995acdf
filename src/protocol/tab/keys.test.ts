import { describe, expect, it } from 'vitest';
import { producerKey, reviewKey, splitProducerKey } from './keys.ts';

describe('producerKey', () => {
  it('is taken apart again, whatever the producer calls itself', () => {
    for (const producerId of ['svc-a-1', 'with spaces in it', '__proto__', 'ws://other ws://']) {
      const key = producerKey('ws://localhost:7400/ws', producerId);
      expect(splitProducerKey(key)).toEqual({ sourceId: 'ws://localhost:7400/ws', producerId });
    }
  });

  it('is safe as a key of an object', () => {
    expect(producerKey('demo:', '__proto__')).toBe('demo: __proto__');
  });
});

describe('reviewKey', () => {
  it('names the producer and the review', () => {
    expect(reviewKey('demo: self', 'r1')).toBe('demo: self r1');
  });

  it('is one review only, whatever producer and review are called', () => {
    expect(reviewKey(producerKey('demo:', 'a b'), 'c')).not.toBe(reviewKey(producerKey('demo:', 'a'), 'b c'));
    expect(reviewKey('demo: a', 'b%20c')).not.toBe(reviewKey('demo: a', 'b c'));
  });
});
