import { describe, expect, it } from 'vitest';
import type { ReviewEntity, ReviewStatus } from '../../protocol/tab/review-model.ts';
import { decisionWord, remainingShare, statusExplanation, statusText, timerText, timingText } from './review-words.ts';

const review: ReviewEntity = {
  id: 'demo: self r1',
  order: 1,
  reviewId: 'r1',
  producer: 'demo: self',
  serviceName: 'desk',
  run: 'r1',
  taskDescription: 'Draft',
  timing: 'AFTER_EXECUTION',
  output: { text: 'x', totalChars: 1 },
  onTimeout: 'CONTINUE',
  timeoutMs: 300_000,
  requestedAtMs: 0,
  deadlineMs: 300_000,
  status: { kind: 'open' },
  canDecide: true,
};

describe('timerText', () => {
  it.each([
    ['CONTINUE', 'Auto-continue in 4:58'],
    ['EXIT_EARLY', 'Auto-exit in 4:58'],
    ['FAIL', 'Fails in 4:58'],
    ['SOMETHING_NEW', 'SOMETHING_NEW in 4:58'],
  ])('%s', (onTimeout, text) => expect(timerText({ onTimeout, deadlineMs: 300_000 }, 2_000)).toBe(text));

  it('says when there is no limit', () => {
    expect(timerText({ onTimeout: 'CONTINUE' }, 0)).toBe('Waits without limit');
  });
});

describe('remainingShare', () => {
  it('falls from one to nothing and stays there', () => {
    expect([0, 150_000, 300_000, 400_000].map((now) => remainingShare(review, now))).toEqual([1, 0.5, 0, 0]);
  });

  it('is unknown without a limit', () => {
    expect(remainingShare({ timeoutMs: 0 }, 0)).toBeUndefined();
  });
});

describe('statusText', () => {
  const cases: [ReviewStatus, string][] = [
    [{ kind: 'open' }, ''],
    [{ kind: 'sending' }, 'sending'],
    [{ kind: 'sent' }, 'sent'],
    [{ kind: 'held', why: 'process-away' }, 'held'],
    [{ kind: 'applied', proof: 'inferred' }, 'applied'],
    [{ kind: 'expired', announced: 'CONTINUE', happened: 'continued' }, 'timed out: continued'],
    [{ kind: 'expired', announced: 'CONTINUE' }, 'timed out'],
    [{ kind: 'too-late' }, 'too late'],
    [{ kind: 'decided-elsewhere' }, 'decided elsewhere'],
    [{ kind: 'closed' }, 'closed'],
    [{ kind: 'unknown', why: 'the connection was cut' }, 'unknown: the connection was cut'],
    [{ kind: 'refused', reason: 'cancelled' }, 'refused: cancelled'],
  ];
  it.each(cases)('%o is %s', (status, text) => expect(statusText(status)).toBe(text));
});

describe('statusExplanation', () => {
  it('says where an open one goes and what happens by itself', () => {
    expect(statusExplanation(review)).toBe(
      'Goes to desk only. Without an answer it continues by itself at the deadline.',
    );
  });

  it('names who decided first', () => {
    const status: ReviewStatus = { kind: 'decided-elsewhere' };
    const decision = { decision: 'EXIT_EARLY', by: 'viewer-2', atMs: 1, mine: false };
    expect(statusExplanation({ ...review, status, decision })).toBe('viewer-2 decided first: exited early.');
  });

  it('tells why a decision is held', () => {
    const away = (why: 'process-away' | 'source-away'): string =>
      statusExplanation({ ...review, status: { kind: 'held', why } });
    expect(away('process-away')).toContain('desk is away');
    expect(away('source-away')).toContain('source is out of reach');
  });
});

describe('decisionWord and timingText', () => {
  it('put the wire into words', () => {
    expect(['CONTINUE', 'EDIT', 'EXIT_EARLY', 'X'].map(decisionWord)).toEqual([
      'approved',
      'edited',
      'exited early',
      'X',
    ]);
    expect(['BEFORE_EXECUTION', 'DURING_EXECUTION', 'AFTER_EXECUTION', 'X'].map(timingText)).toEqual([
      'before execution',
      'during execution',
      'after execution',
      'X',
    ]);
  });
});
