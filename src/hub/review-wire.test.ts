import { describe, expect, it } from 'vitest';
import { review } from '../../test/support/review-scenario.ts';
import { reviewStateSchema } from '../protocol/wire/review-state.ts';
import type { ReviewRecord, ReviewState } from './review-record.ts';
import { decisionText, fromWire, toWire } from './review-wire.ts';

const decision = { decision: 'CONTINUE', by: 'ann', atMs: 5, local: true } as const;

function record(state: ReviewState, change: Partial<ReviewRecord> = {}): ReviewRecord {
  return {
    producerId: 'p',
    reviewId: 'r',
    epoch: 1,
    sequence: 1,
    request: review({ onTimeout: 'FAIL' }),
    requestedAt: { ms: 0, ns: 0 },
    refused: [],
    state,
    changedAtMs: Date.parse('2026-01-01T00:00:00.500Z'),
    ...change,
  };
}

const BASE = { type: 'review_state', producerId: 'p', reviewId: 'r', at: '2026-01-01T00:00:00.500Z' };

describe('decisionText', () => {
  it('holds only what there is', () => {
    expect(decisionText({ reviewId: 'r', decision: 'CONTINUE' })).toBe(
      '{"type":"review_decision","reviewId":"r","decision":"CONTINUE"}',
    );
    expect(JSON.parse(decisionText({ reviewId: 'r', decision: 'EDIT', revisedOutput: '', by: 'me' }))).toEqual({
      type: 'review_decision',
      reviewId: 'r',
      decision: 'EDIT',
      revisedOutput: '',
      by: 'me',
    });
  });
});

describe('toWire', () => {
  it.each<[ReviewState, object]>([
    [{ kind: 'open' }, { state: 'open' }],
    [{ kind: 'sending', connectionId: 'secret' }, { state: 'decided' }],
    [{ kind: 'sent', connectionId: 'secret' }, { state: 'sent' }],
    [{ kind: 'applied', proof: 'inferred' }, { state: 'applied' }],
    [
      { kind: 'refused', reason: 'cancelled' },
      { state: 'refused', reason: 'cancelled' },
    ],
    [
      { kind: 'refused', reason: 'too late', happened: 'exited' },
      { state: 'refused', reason: 'too late', announced: 'FAIL', happened: 'exited' },
    ],
    [
      { kind: 'expired', announced: 'FAIL' },
      { state: 'expired', announced: 'FAIL' },
    ],
    [
      { kind: 'expired', announced: 'FAIL', happened: 'continued' },
      { state: 'expired', announced: 'FAIL', happened: 'continued' },
    ],
    [{ kind: 'closed', inferred: true }, { state: 'closed' }],
  ])('says %o', (state, said) => {
    expect(toWire(record(state))).toStrictEqual({ ...BASE, ...said });
  });

  it('says who decided what, and until when the process waits', () => {
    const deadlineMs = Date.parse('2026-01-01T00:00:20Z') + 0.25;
    const message = toWire(record({ kind: 'held' }, { decision, deadlineMs }));
    const decided = { state: 'held', decision: 'CONTINUE', by: 'ann', deadline: '2026-01-01T00:00:20.000Z' };
    expect(message).toStrictEqual({ ...BASE, ...decided });
    expect(reviewStateSchema.safeParse(message).success).toBe(true);
  });

  it('keeps the revised output to itself', () => {
    const edit = { ...decision, decision: 'EDIT', revisedOutput: 'private' } as const;
    expect(JSON.stringify(toWire(record({ kind: 'held' }, { decision: edit })))).not.toContain('private');
  });
});

describe('fromWire', () => {
  it.each<ReviewState>([
    { kind: 'open' },
    { kind: 'decided' },
    { kind: 'held' },
    { kind: 'sent', connectionId: 'c' },
    { kind: 'applied', proof: 'inferred' },
    { kind: 'refused', reason: 'too late', happened: 'failed' },
    { kind: 'expired', announced: 'CONTINUE', happened: 'continued' },
    { kind: 'closed', inferred: true },
    { kind: 'unknown' },
  ])('reads back %o', (state) => {
    const word = fromWire(toWire(record(state, { decision })), 'c');
    expect(word).toEqual({ state, decision: { decision: 'CONTINUE', by: 'ann' }, atMs: Date.parse(BASE.at) });
  });

  it('leaves out what it cannot read, and knows no states of a later version', () => {
    const message = { ...toWire(record({ kind: 'open' })), at: 'soon', decision: 'WAIT', happened: 'odd' };
    expect(fromWire(message, 'c')).toStrictEqual({ state: { kind: 'open' } });
    expect(fromWire({ ...message, state: 'pondering' }, 'c')).toBeUndefined();
    expect(fromWire({ ...message, decision: 'EDIT' }, 'c')?.decision).toEqual({ decision: 'EDIT', by: '' });
    expect(fromWire({ ...message, state: 'expired' }, 'c')?.state).toStrictEqual({ kind: 'expired', announced: '' });
  });
});
