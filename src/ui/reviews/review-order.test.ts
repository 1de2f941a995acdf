import { describe, expect, it } from 'vitest';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import { inboxOrder } from './review-order.ts';

function review(id: string, order: number, more: Partial<ReviewEntity>): ReviewEntity {
  return {
    id,
    order,
    reviewId: id,
    producer: 'demo: self',
    run: 'r1',
    taskDescription: 'Draft',
    timing: 'AFTER_EXECUTION',
    output: { text: '', totalChars: 0 },
    onTimeout: 'CONTINUE',
    timeoutMs: 1,
    requestedAtMs: 0,
    status: { kind: 'open' },
    canDecide: true,
    ...more,
  };
}

describe('inboxOrder', () => {
  it('puts what ends soonest first, what has no limit after it, and what is decided last, newest first', () => {
    const ended = { canDecide: false, status: { kind: 'closed' } } as const;
    const ordered = inboxOrder([
      review('old', 1, ended),
      review('endless', 2, {}),
      review('late', 3, { deadlineMs: 200 }),
      review('soon', 4, { deadlineMs: 100 }),
      review('new', 5, ended),
    ]);
    expect(ordered.map(({ id }) => id)).toEqual(['soon', 'late', 'endless', 'new', 'old']);
  });
});
