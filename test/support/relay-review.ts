import type { ReviewLimits } from '../../src/hub/review-options.ts';
import type { ReviewRequested } from '../../src/protocol/wire/review.ts';
import { review, ReviewScenario, runStarted, taskStarted } from './review-scenario.ts';

/** A run whose task `Draft` runs; `p1` is connected as `s1` and asks at 100 ms. */
export function asked(change: Partial<ReviewRequested> = {}, limits: Partial<ReviewLimits> = {}): ReviewScenario {
  const scenario = new ReviewScenario('relay', limits).open('s1').say(runStarted());
  if (change.timing !== 'BEFORE_EXECUTION') scenario.say(taskStarted());
  return scenario.at(100).say(review(change));
}

/** The same, decided at 1,000 ms. */
export function decided(decision: string, change: Partial<ReviewRequested> = {}): ReviewScenario {
  const scenario = asked(change).at(1_000);
  scenario.decide(decision);
  return scenario;
}
