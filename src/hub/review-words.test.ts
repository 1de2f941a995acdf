import { describe, expect, it } from 'vitest';
import { ReviewWords } from './review-words.ts';

function word(producerId: string, reviewId: string, state = 'open') {
  return { type: 'review_state', producerId, reviewId, state, at: '2026-01-01T00:00:00Z' } as const;
}

describe('ReviewWords', () => {
  it('gives the newest word out once', () => {
    const words = new ReviewWords();
    words.put(word('p', 'r', 'open'));
    words.put(word('p', 'r', 'sent'));
    expect([words.size, words.has('p', 'r'), words.has('p', 'q')]).toEqual([1, true, false]);
    expect(words.take('p', 'r')?.state).toBe('sent');
    expect(words.take('p', 'r')).toBeUndefined();
  });

  it('does not mix up ids that would read alike when joined', () => {
    const words = new ReviewWords();
    words.put(word('a","b', 'c'));
    expect(words.has('a', 'b","c')).toBe(false);
  });

  it('is bounded: the oldest goes first', () => {
    const words = new ReviewWords();
    for (let count = 0; count < 1_000; count += 1) words.put(word('p', String(count)));
    words.put(word('p', '0', 'sent'));
    words.put(word('p', 'one more'));
    expect([words.size, words.has('p', '0'), words.has('p', '1')]).toEqual([1_000, true, false]);
  });

  it('forgets one producer', () => {
    const words = new ReviewWords();
    words.put(word('p', 'r'));
    words.put(word('q', 'r'));
    words.forget('p');
    expect([words.has('p', 'r'), words.has('q', 'r')]).toEqual([false, true]);
  });
});
