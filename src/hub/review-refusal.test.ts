import { describe, expect, it } from 'vitest';
import { review, ReviewScenario } from '../../test/support/review-scenario.ts';
import { ERROR_CODES } from '../protocol/wire/error.ts';
import * as refusals from './review-refusal.ts';

const scenario = new ReviewScenario('relay').open('s1').say(review());
scenario.decide('EXIT_EARLY', 'ann');
const [record] = scenario.ledger.records();
if (record === undefined) throw new Error('the scenario has no review');

describe('refusals', () => {
  it.each([
    [refusals.unknownReview('r1'), 'unknown_review', '"r1"'],
    [refusals.invalidDecision('maybe', record), 'invalid_decision', '"maybe"'],
    [refusals.alreadyDecided(record), 'already_decided', 'ann (EXIT_EARLY)'],
    [refusals.decidedTooLate(record), 'too_late', '"r1"'],
    [refusals.editTooLarge(record, 1_000), 'too_large', '1,000 characters'],
    [refusals.tooManyHeld(record, 1_000), 'too_many_held', '1,000 decisions'],
  ])('%o is a code of the wire and a sentence', (refusal, code, words) => {
    expect(refusal.code).toBe(code);
    expect(ERROR_CODES).toHaveProperty(refusal.code);
    expect(refusal.message).toContain(words);
    expect(refusal.message).toMatch(/^[A-Z"].*\. [A-Z].*\.$/u);
    expect(refusal.review).toBe(code === 'unknown_review' ? undefined : record);
  });

  it('quote a peer at no great length', () => {
    expect(refusals.invalidDecision('x'.repeat(10_000), record).message.length).toBeLessThan(250);
  });
});
