import type { ReviewShelf } from './review-shelf.ts';

/**
 * Marks the reviews of tasks with this description, if several unfinished tasks have it:
 * those that run, and those that a review holds back from starting. A message about a
 * task says no more than its description, so it could be about any of them.
 */
export function markAmbiguous(shelf: ReviewShelf, description: string): void {
  const alike = shelf.watchedOf(description);
  const heldBack = alike.filter(({ record }) => isHeldBack(record.request.timing)).length;
  const hasReviewedRunning = alike.length > heldBack;
  const running = Math.max(shelf.tasks.count(description), hasReviewedRunning ? 1 : 0);
  if (running + heldBack < 2) return;
  for (const entry of alike) entry.isAmbiguous = true;
}

/** Whether the reviewed task has yet to start. */
export function isHeldBack(timing: string): boolean {
  return timing === 'BEFORE_EXECUTION';
}
