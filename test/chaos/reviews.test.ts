import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReviewRecord, ReviewState } from '../../src/hub/review-record.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import type { ReviewTruth } from '../support/review-process.ts';
import { ReviewHub, ReviewWorld } from '../support/review-world.ts';
import { figure, HANG_MS, SEED, sized } from './settings.ts';

const STORIES = sized(400, 8_000);
const MOST_STEPS = 60;

type Step = (world: ReviewWorld) => void;

const which = fc.nat(1);
const steps: fc.Arbitrary<{ readonly name: string; readonly do: Step }>[] = [
  stepOf('work', which, (world, n) => world.process(n).work()),
  stepOf(
    'ask',
    fc.tuple(which, fc.constantFrom(0, 5_000, 60_000), fc.constantFrom('CONTINUE', 'EXIT_EARLY', 'FAIL')),
    (world, [n, timeoutMs, onTimeout]) => world.ask(n, { timeoutMs, onTimeout }),
  ),
  stepOf('listen', which, (world, n) => world.process(n).listen()),
  stepOf('cut process', which, (world, n) => world.process(n).cut()),
  stepOf('connect process', which, (world, n) => world.process(n).connect()),
  stepOf('restart', which, (world, n) => world.process(n).restart()),
  stepOf(
    'decide',
    fc.tuple(which, fc.nat(5), fc.constantFrom('CONTINUE', 'EDIT', 'EXIT_EARLY')),
    (world, [n, review, word]) => world.hub(n).decide(review, word),
  ),
  // What people mostly do: they see a review, and answer it.
  stepOf(
    'look and decide',
    fc.tuple(which, fc.nat(5), fc.constantFrom('CONTINUE', 'EDIT', 'EXIT_EARLY')),
    (world, [n, review, word]) => {
      world.hub(n).connect();
      world.hub(n).pull();
      world.hub(n).decide(review, word);
    },
  ),
  stepOf('push', which, (world, n) => world.hub(n).push()),
  stepOf('pull', which, (world, n) => world.hub(n).pull()),
  stepOf('cut hub', which, (world, n) => world.hub(n).cut()),
  stepOf('restart hub', which, (world, n) => world.hub(n).restart()),
  stepOf('connect hub', which, (world, n) => world.hub(n).connect()),
  stepOf('wait', fc.constantFrom(10, 600, 3_000, 20_000), (world, ms) => world.wait(ms)),
];

function stepOf<T>(name: string, args: fc.Arbitrary<T>, act: (world: ReviewWorld, given: T) => void) {
  return args.map((given) => ({
    name,
    do: (world: ReviewWorld) => act(world, given),
    toString: () => `${name} ${JSON.stringify(given)}`,
  }));
}

/** Where a review may be shown to stand, by what became of it in its process. What a process could not say before it died, nobody knows. */
const HONEST: Record<ReviewTruth['kind'], readonly ReviewState['kind'][]> = {
  waiting: ['open', 'unknown'],
  answered: ['applied', 'unknown'],
  'timed-out': ['expired', 'refused', 'unknown'],
  died: ['closed', 'refused', 'unknown', 'expired'],
};

function shownOf(record: ReviewRecord | undefined): unknown {
  return record && { state: record.state.kind, decision: record.decision?.decision, by: record.decision?.by };
}

/** How many reviews there were, how many of them were answered in their process, and of how many of those that is shown. */
const seen = { reviews: 0, answered: 0, applied: 0 };

function count(truth: ReviewTruth, record: ReviewRecord | undefined): void {
  seen.reviews += 1;
  if (truth.kind !== 'answered') return;
  seen.answered += 1;
  if (record?.state.kind === 'applied') seen.applied += 1;
}

function expectHonest(world: ReviewWorld): void {
  for (const hub of world.hubs) {
    const notices = hub.driver.state.notices.map(({ text }) => text);
    expect(notices.filter((text) => text.includes(`decided first by ${hub.name}`))).toEqual([]);
  }
  const late = new ReviewHub('late', world.scene);
  for (const process of world.processes) {
    for (const [reviewId, truth] of process.reviews) {
      const record = late.record(reviewId);
      expect(HONEST[truth.kind], `${reviewId}: ${JSON.stringify(truth)}`).toContain(record?.state.kind);
      count(truth, record);
      if (truth.kind === 'answered') expect(record?.decision?.decision).toBe(truth.decision);
      expect([undefined, 'ann', 'bob'], reviewId).toContain(record?.decision?.by);
      for (const hub of world.hubs) expect(shownOf(hub.record(reviewId)), reviewId).toEqual(shownOf(record));
    }
  }
}

describe(`reviews that anything happens to (seed ${SEED})`, { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();

  test('end for everybody as they ended in their process', () => {
    const property = fc.property(fc.array(fc.oneof(...steps), { maxLength: MOST_STEPS, size: 'max' }), (story) => {
      const world = new ReviewWorld();
      for (const process of world.processes) process.connect();
      for (const step of story) step.do(world);
      world.settle();
      expectHonest(world);
      world.scene.room.dispose();
    });
    fc.assert(property, { numRuns: STORIES, seed: SEED });
    figure(`${seen.reviews} reviews, ${seen.answered} answered, ${seen.applied} of them shown as applied`);
    expect(seen.reviews).toBeGreaterThan(STORIES);
    // To call everything unknown would be honest too.
    expect(seen.applied).toBeGreaterThan(seen.answered * 0.9);
  });
});
