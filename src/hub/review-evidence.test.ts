import { describe, expect, it } from 'vitest';
import { review } from '../../test/support/review-scenario.ts';
import {
  DECISION_MARGIN_MS,
  expired,
  happenedBy,
  happenedByAction,
  isBefore,
  judge,
  showsProgress,
  tooLate,
  type Evidence,
} from './review-evidence.ts';
import type { ReviewRecord, ReviewState } from './review-record.ts';

function record(state: ReviewState, change: Partial<ReviewRecord> = {}): ReviewRecord {
  return {
    producerId: 'p',
    reviewId: 'r',
    epoch: 1,
    sequence: 1,
    request: review(),
    requestedAt: { ms: 0, ns: 0 },
    deadlineMs: 10_000,
    refused: [],
    state,
    changedAtMs: 0,
    ...change,
  };
}

const decision = { decision: 'CONTINUE', by: 'ann', atMs: 5_000, local: true } as const;

function completedAt(atMs: number): Evidence {
  return { signal: { kind: 'task', step: 'completed' }, atMs, localMs: atMs };
}

describe('isBefore', () => {
  it('compares lives first, then numbers', () => {
    expect(isBefore({ epoch: 1, sequence: 9 }, { epoch: 2, sequence: 1 })).toBe(true);
    expect(isBefore({ epoch: 2, sequence: 1 }, { epoch: 1, sequence: 9 })).toBe(false);
    expect(isBefore({ epoch: 1, sequence: 1 }, { epoch: 1, sequence: 2 })).toBe(true);
    expect(isBefore({ epoch: 1, sequence: 1 }, { epoch: 1, sequence: 1 })).toBe(false);
  });
});

describe('showsProgress', () => {
  it.each([
    ['BEFORE_EXECUTION', ['started', 'failed']],
    ['DURING_EXECUTION', ['iterated', 'completed', 'failed']],
    ['AFTER_EXECUTION', ['completed', 'failed']],
    ['of a later version', ['completed', 'failed']],
  ])('%s: %s', (timing, expected) => {
    const steps = ['started', 'iterated', 'completed', 'failed'] as const;
    expect(steps.filter((step) => showsProgress(timing, step))).toEqual(expected);
  });
});

describe('happenedBy', () => {
  it('knows nothing of a restart, or of how a run ended that did not say', () => {
    expect(happenedBy({ kind: 'restart' })).toBeUndefined();
    expect(happenedBy({ kind: 'run', exitReason: undefined })).toBeUndefined();
    expect(happenedBy({ kind: 'run', exitReason: 'COMPLETED' })).toBe('continued');
  });
});

describe('happenedByAction', () => {
  it('reads the words of a process in any case', () => {
    expect(['continue', 'EXIT_EARLY', 'Fail', 'else'].map(happenedByAction)).toEqual([
      'continued',
      'exited',
      'failed',
      undefined,
    ]);
  });
});

describe('expired and tooLate', () => {
  it('leave out what is not known', () => {
    expect(expired(record({ kind: 'open' }))).toStrictEqual({ kind: 'expired', announced: 'CONTINUE' });
    expect(expired(record({ kind: 'open' }), 'failed')).toMatchObject({ happened: 'failed' });
    expect(tooLate()).toStrictEqual({ kind: 'refused', reason: 'too late' });
    expect(tooLate('exited')).toMatchObject({ happened: 'exited' });
  });
});

describe('judge', () => {
  it('takes the deadline itself for passed', () => {
    expect(judge(record({ kind: 'open' }), completedAt(9_999), undefined)).toMatchObject({ kind: 'closed' });
    expect(judge(record({ kind: 'open' }), completedAt(10_000), undefined)).toMatchObject({ kind: 'expired' });
  });

  it('goes by when the decision was sent, or else by when it was made', () => {
    const sent = record({ kind: 'sent', connectionId: 's' }, { decision });
    expect(judge(sent, completedAt(10_000), undefined)).toMatchObject({ kind: 'applied' });
    expect(judge(sent, completedAt(10_000), 10_000 - DECISION_MARGIN_MS)).toEqual({ kind: 'unknown' });
    expect(judge(sent, completedAt(10_000), 9_999 - DECISION_MARGIN_MS)).toMatchObject({ kind: 'applied' });
  });

  it('does not take for an effect what was done well before the decision', () => {
    const sent = record({ kind: 'sent', connectionId: 's' }, { decision });
    expect(judge(sent, { ...completedAt(1), localMs: 3_000 }, 5_000)).toMatchObject({ kind: 'applied' });
    expect(judge(sent, { ...completedAt(1), localMs: 2_999 }, 5_000)).toMatchObject({ kind: 'refused' });
  });

  it('judges what a relay said of others’ decisions the same way', () => {
    expect(judge(record({ kind: 'decided' }, { decision }), completedAt(6_000), undefined)).toMatchObject({
      kind: 'applied',
    });
    expect(judge(record({ kind: 'decided' }), completedAt(6_000), undefined)).toMatchObject({ kind: 'closed' });
  });

  it.each<ReviewState>([
    { kind: 'applied', proof: 'ack' },
    { kind: 'closed', inferred: true },
    { kind: 'refused', reason: 'superseded' },
    { kind: 'refused', reason: 'too late', happened: 'exited' },
    { kind: 'unknown' },
  ])('leaves alone what is over: %o', (state) => {
    expect(judge(record(state, { decision }), completedAt(6_000), 5_000)).toBeUndefined();
  });
});
