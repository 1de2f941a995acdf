import type { ReviewWire } from '../../src/hub/review-options.ts';
import type { ReviewRequested } from '../../src/protocol/wire/review.ts';
import { review, ReviewScenario, runStarted, taskStarted } from './review-scenario.ts';

/** A source whose only producer asks at 100 ms. */
export function asked(wire: ReviewWire, change: Partial<ReviewRequested> = {}): ReviewScenario {
  return new ReviewScenario(wire).open('c1', '').say(runStarted()).say(taskStarted()).at(100).say(review(change));
}
