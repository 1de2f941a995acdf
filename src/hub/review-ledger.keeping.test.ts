import { describe, expect, it } from 'vitest';
import { APPLIED } from '../../test/support/inferred-outcomes.ts';
import { asked, decided } from '../../test/support/relay-review.ts';
import { review, ReviewScenario, START_MS, taskCompleted } from '../../test/support/review-scenario.ts';

describe('ReviewLedger: keeping and forgetting', () => {
  it('lists records of one producer or all in the order of their announcement', () => {
    const scenario = asked()
      .say(review({ reviewId: 'a' }), { producer: 'p2' })
      .say(review({ reviewId: 'b' }));
    expect(scenario.ledger.records().map(({ reviewId }) => reviewId)).toEqual(['r1', 'a', 'b']);
    expect(scenario.ledger.records('p1').map(({ reviewId }) => reviewId)).toEqual(['r1', 'b']);
    expect(scenario.ledger.records('nobody')).toEqual([]);
  });

  it('says which producers may still wait', () => {
    const scenario = asked();
    expect(scenario.ledger.hasUnsettled('p1')).toBe(true);
    expect(scenario.ledger.hasUnsettled('p2')).toBe(false);
    scenario.decide('CONTINUE');
    expect(scenario.ledger.hasUnsettled('p1')).toBe(true);
    scenario.say(taskCompleted());
    expect(scenario.ledger.hasUnsettled('p1')).toBe(false);
  });

  it('does not keep a producer for an expired review', () => {
    expect(asked().at(20_100).ledger.hasUnsettled('p1')).toBe(false);
  });

  it('forgets a run, but not what may still wait', () => {
    const scenario = asked()
      .say(review({ reviewId: 'r2', taskDescription: 'Other' }))
      .say(taskCompleted());
    scenario.ledger.forgetRun('p1', 'e0');
    expect(scenario.ledger.records()).toHaveLength(2);
    scenario.ledger.forgetRun('p1', 'e1');
    expect(scenario.ledger.records().map(({ reviewId }) => reviewId)).toEqual(['r2']);
  });

  it('keeps nothing of what was closed and forgotten', () => {
    const scenario = decided('CONTINUE')
      .say(review({ reviewId: 'r2' }))
      .close('s1');
    expect(scenario.ledger.sizes).toMatchObject({ reviews: 2, producers: 1, waiting: 1 });
    scenario.ledger.forget('p1');
    expect(Object.values(scenario.ledger.sizes).every((size) => size === 0)).toBe(true);
    expect(scenario.ledger.nextDeadlineMs()).toBeUndefined();
    expect(scenario.decide('CONTINUE')).toMatchObject({ code: 'unknown_review' });
  });

  it('takes in records that were kept, and goes on with them', () => {
    const held = asked().close('s1');
    held.decide('EDIT', 'ann', { revisedOutput: 'new' });
    held.say(review({ reviewId: 'r2' }));
    const later = new ReviewScenario();
    later.ledger.restore(held.ledger.records().map((record) => ({ record })));
    expect(later.ledger.records()).toEqual(held.ledger.records());
    expect(later.at(1_000).cut().open('s9').written()).toEqual(['s9:EDIT']);
    expect(later.ledger.nextDeadlineMs()).toBe(START_MS + 20_100);
    later.ledger.restore(held.ledger.records().map((record) => ({ record })));
    expect(later.state()).toEqual({ kind: 'sent', connectionId: 's9' });
    expect(later.say(taskCompleted(), { sequence: 20 }).state()).toEqual(APPLIED);
  });

  it('says when time matters next', () => {
    const scenario = asked();
    expect(scenario.ledger.nextDeadlineMs()).toBe(START_MS + 20_100);
    scenario.say(review({ reviewId: 'r2', timeoutMs: 500 }));
    expect(scenario.ledger.nextDeadlineMs()).toBe(START_MS + 600);
    expect(scenario.ledger.tick(START_MS + 599)).toEqual([]);
    expect(scenario.ledger.tick(START_MS + 600)).toMatchObject([{ kind: 'changed', review: { reviewId: 'r2' } }]);
    scenario.decide('CONTINUE');
    expect(scenario.ledger.nextDeadlineMs()).toBe(START_MS + 100 + 24 * 60 * 60 * 1_000);
    scenario.say(taskCompleted());
    expect(scenario.ledger.nextDeadlineMs()).toBeUndefined();
  });

  it('waits without limit where the time-out is 0 or makes no sense', () => {
    for (const timeoutMs of [0, -1, Number.NaN, 1e300, Infinity]) {
      const scenario = asked({ timeoutMs });
      expect(scenario.ledger.record('r1')?.deadlineMs).toBeUndefined();
      expect(scenario.ledger.nextDeadlineMs()).toBeUndefined();
    }
  });
});
