import { describe, expect, it } from 'vitest';
import { review } from '../../test/support/review-scenario.ts';
import {
  changeReview,
  isUndecided,
  isUnsettled,
  noteRefusal,
  type ReviewRecord,
  type ReviewState,
} from './review-record.ts';

const decision = { decision: 'CONTINUE', by: 'ann', atMs: 5, local: true } as const;

function record(state: ReviewState, decided = false): ReviewRecord {
  return {
    producerId: 'p',
    reviewId: 'r',
    epoch: 1,
    sequence: 1,
    request: review(),
    requestedAt: { ms: 0, ns: 0 },
    refused: [],
    state,
    changedAtMs: 0,
    ...(decided ? { decision } : {}),
  };
}

const STATES: readonly ReviewState[] = [
  { kind: 'open' },
  { kind: 'sending', connectionId: 'c' },
  { kind: 'decided' },
  { kind: 'held' },
  { kind: 'sent', connectionId: 'c' },
  { kind: 'applied', proof: 'inferred' },
  { kind: 'refused', reason: 'too late' },
  { kind: 'expired', announced: 'CONTINUE' },
  { kind: 'closed', inferred: true },
  { kind: 'unknown' },
];

describe('changeReview', () => {
  it('makes a new record and leaves the old one alone', () => {
    const before = record({ kind: 'open' });
    const after = changeReview(before, { state: { kind: 'held' }, decision }, 9);
    expect(before).toEqual(record({ kind: 'open' }));
    expect(after).toEqual({ ...before, state: { kind: 'held' }, decision, changedAtMs: 9 });
  });

  it('keeps the decision unless it is named, and takes it away where it is named as none', () => {
    const before = record({ kind: 'held' }, true);
    expect(changeReview(before, { state: { kind: 'unknown' } }, 9).decision).toBe(decision);
    expect('decision' in changeReview(before, { state: { kind: 'open' }, decision: undefined }, 9)).toBe(false);
  });

  it('notes a refused decision', () => {
    const refused = { by: 'ann', reason: 'held too long', atMs: 9 } as const;
    expect(changeReview(record({ kind: 'held' }), { state: { kind: 'open' }, refused }, 9).refused).toEqual([refused]);
  });
});

describe('noteRefusal', () => {
  it('changes neither the state nor its time', () => {
    const refusal = { by: 'bob', reason: 'superseded', atMs: 9 } as const;
    const before = record({ kind: 'open' });
    expect(noteRefusal(before, refusal)).toEqual({ ...before, refused: [refusal] });
  });
});

describe('isUndecided', () => {
  it('is open or unknown, with no decision', () => {
    expect(STATES.filter((state) => isUndecided(record(state))).map(({ kind }) => kind)).toEqual(['open', 'unknown']);
    expect(STATES.filter((state) => isUndecided(record(state, true)))).toEqual([]);
  });
});

describe('isUnsettled', () => {
  it('is every state after which something must follow', () => {
    const unsettled = ['open', 'sending', 'decided', 'held', 'sent'];
    expect(STATES.filter((state) => isUnsettled(record(state))).map(({ kind }) => kind)).toEqual([
      ...unsettled,
      'unknown',
    ]);
    expect(STATES.filter((state) => isUnsettled(record(state, true))).map(({ kind }) => kind)).toEqual(unsettled);
  });
});
