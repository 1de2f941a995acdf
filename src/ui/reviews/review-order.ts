import type { ReviewEntity } from '../../protocol/tab/review-model.ts';

/** Open ones by their true deadline (those without one last), then the others, newest first. */
export function inboxOrder(reviews: readonly ReviewEntity[]): ReviewEntity[] {
  return [...reviews].sort((a, b) => {
    if (a.canDecide !== b.canDecide) return a.canDecide ? -1 : 1;
    if (!a.canDecide) return b.order - a.order;
    return (a.deadlineMs ?? Infinity) - (b.deadlineMs ?? Infinity) || a.order - b.order;
  });
}
