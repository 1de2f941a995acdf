import { describe, expect, it } from 'vitest';
import { review } from '../../test/support/review-scenario.ts';
import { ReviewBook } from './review-book.ts';
import type { ReviewRecord, ReviewState } from './review-record.ts';

const decision = { decision: 'EDIT', revisedOutput: 'new', by: 'ann', atMs: 100, local: true } as const;

function newBook(keepsTexts = true): ReviewBook {
  return new ReviewBook({ holdMs: 1_000, maxPerProducer: 2, keepsTexts });
}

function record(reviewId: string, state: ReviewState, change: Partial<ReviewRecord> = {}): ReviewRecord {
  return {
    producerId: 'p',
    reviewId,
    epoch: 1,
    sequence: 1,
    request: review(),
    requestedAt: { ms: 0, ns: 0 },
    deadlineMs: 500,
    refused: [],
    state,
    changedAtMs: 0,
    ...change,
  };
}

describe('ReviewBook', () => {
  it.each<[ReviewState, boolean]>([
    [{ kind: 'open' }, true],
    [{ kind: 'held' }, true],
    [{ kind: 'unknown' }, true],
    [{ kind: 'expired', announced: 'CONTINUE' }, true],
    [{ kind: 'expired', announced: 'CONTINUE', happened: 'exited' }, false],
    [{ kind: 'refused', reason: 'too late' }, true],
    [{ kind: 'refused', reason: 'too late', happened: 'exited' }, false],
    [{ kind: 'refused', reason: 'cancelled' }, false],
    [{ kind: 'applied', proof: 'inferred' }, false],
    [{ kind: 'closed', inferred: true }, false],
  ])('watches what evidence can still say something about: %o', (state, isWatched) => {
    const book = newBook();
    const entry = book.add(record('r', state));
    expect(entry.isWatched).toBe(isWatched);
    expect(book.openShelf('p').watched()).toEqual(isWatched ? [entry] : []);
    expect(book.openShelf('p').watchedOf('Draft')).toEqual(isWatched ? [entry] : []);
  });

  it('lets an undecided review fall due at its deadline, unless a relay speaks for it', () => {
    const book = newBook();
    const entry = book.add(record('r', { kind: 'open' }));
    expect(book.nextDueMs()).toBe(500);
    entry.isRemote = true;
    book.reindex(entry);
    expect(book.nextDueMs()).toBeUndefined();
    expect(book.takeDue(9_999)).toEqual([]);
  });

  it('lets a held decision fall due at the deadline, or when it was held for too long', () => {
    const book = newBook();
    book.add(record('a', { kind: 'held' }, { decision, deadlineMs: 5_000 }));
    expect(book.nextDueMs()).toBe(1_100);
    book.add(record('b', { kind: 'held' }, { decision, deadlineMs: 900 }));
    expect(book.takeDue(900).map((entry) => entry.record.reviewId)).toEqual(['b']);
  });

  it('lets a decision fall due that left no trace, or that a relay held when it was last heard', () => {
    const book = newBook();
    book.add(record('a', { kind: 'sent', connectionId: 's' }, { decision, deadlineMs: 900 }));
    expect(book.takeDue(1_099)).toEqual([]);
    expect(book.takeDue(1_100)).toHaveLength(1);
    book.add(record('b', { kind: 'held' }, { decision: { ...decision, local: false }, deadlineMs: 900 }));
    expect(book.nextDueMs()).toBe(1_100);
  });

  it('lets nothing fall due that is no longer watched', () => {
    const book = newBook();
    const entry = book.add(record('r', { kind: 'held' }, { decision }));
    expect(book.sizes).toEqual({ reviews: 1, producers: 1, waiting: 1, due: 1 });
    book.unwatch(entry);
    expect(book.sizes).toEqual({ reviews: 1, producers: 1, waiting: 0, due: 0 });
    expect(book.openShelf('p').watched()).toEqual([]);
  });

  it('counts as waiting only what was decided here and is not settled', () => {
    const book = newBook();
    const entry = book.add(record('r', { kind: 'sent', connectionId: 's' }, { decision }));
    book.add(record('q', { kind: 'sent', connectionId: 's' }, { decision: { ...decision, local: false } }));
    expect(book.waiting()).toEqual([entry]);
    book.change(entry, { state: { kind: 'unknown' } }, 9);
    expect(book.waiting()).toEqual([]);
  });

  it('keeps a revised output as long as it is told to', () => {
    for (const keepsTexts of [true, false]) {
      const book = newBook(keepsTexts);
      const entry = book.add(record('r', { kind: 'held' }, { decision }));
      expect(entry.record.decision?.revisedOutput).toBe('new');
      book.change(entry, { state: { kind: 'applied', proof: 'inferred' } }, 9);
      expect(entry.record.decision?.revisedOutput).toBe(keepsTexts ? 'new' : undefined);
      expect(entry.record.decision).toMatchObject({ decision: 'EDIT', by: 'ann' });
    }
  });

  it('keeps what was to be reviewed until nobody decides any more, and longer only if it is told to', () => {
    for (const keepsTexts of [true, false]) {
      const book = newBook(keepsTexts);
      const request = { ...review(), prompt: 'Is it good?', more: 'unknown to this version' };
      const entry = book.add(record('r', { kind: 'open' }, { request }));
      expect(entry.record.request).toBe(request);
      book.change(entry, { state: { kind: 'expired', announced: 'CONTINUE' } }, 9);
      const { type, reviewId, taskDescription, timing, timeoutMs, onTimeout } = request;
      const rest = { type, reviewId, taskDescription: '', timing, timeoutMs, onTimeout };
      expect(entry.record.request).toEqual(keepsTexts ? request : rest);
      expect(book.openShelf('p').watchedOf(taskDescription)).toEqual([entry]);
      book.unwatch(entry);
      expect(entry.record.request).toEqual(keepsTexts ? request : rest);
      expect(book.openShelf('p').watched()).toEqual([]);
    }
  });

  it('says what must go: the oldest that is settled, else the oldest', () => {
    const book = newBook();
    expect(book.surplus('p')).toBeUndefined();
    const oldest = book.add(record('a', { kind: 'open' }));
    expect(book.surplus('p')).toBeUndefined();
    const second = book.add(record('b', { kind: 'open' }));
    expect(book.surplus('p')).toBe(oldest);
    book.change(second, { state: { kind: 'closed', inferred: true } }, 9);
    expect(book.surplus('p')).toBe(second);
  });

  it('forgets one, or all of a producer', () => {
    const book = newBook();
    const entry = book.add(record('a', { kind: 'open' }));
    book.add(record('b', { kind: 'held' }, { decision }));
    const other = book.add(record('c', { kind: 'open' }, { producerId: 'q' }));
    book.drop(entry);
    expect(book.shelf('p')?.watchedOf('Draft')).toHaveLength(1);
    expect(book.entries().map((each) => each.record.reviewId)).toEqual(['b', 'c']);
    expect(book.entries('p')).toHaveLength(1);
    book.dropShelf('p');
    expect(book.entries()).toEqual([other]);
    expect(book.shelf('p')).toBeUndefined();
    expect(book.sizes).toEqual({ reviews: 1, producers: 1, waiting: 0, due: 1 });
  });
});
