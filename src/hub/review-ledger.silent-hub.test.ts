import { describe, expect, it } from 'vitest';
import { APPLIED } from '../../test/support/inferred-outcomes.ts';
import { review, taskCompleted } from '../../test/support/review-scenario.ts';
import { asked } from '../../test/support/source-review.ts';

describe('ReviewLedger behind a live-event hub that says nothing of reviews', () => {
  it('sends decisions for every producer on the one connection, with no name in them', () => {
    const scenario = asked('viewer').say(review({ reviewId: 'r2' }), { producer: 'p2' });
    scenario.decide('CONTINUE', 'me', { reviewId: 'r2' });
    expect(scenario.state('r2')).toEqual({ kind: 'sent', connectionId: 'c1' });
    expect(scenario.outputs).toContainEqual({
      kind: 'write',
      connectionId: 'c1',
      producerId: 'p2',
      reviewId: 'r2',
      decisionJson: '{"type":"review_decision","reviewId":"r2","decision":"CONTINUE"}',
    });
  });

  it('infers what became of it like a relay does', () => {
    const scenario = asked('viewer');
    scenario.decide('CONTINUE');
    expect(scenario.at(1_100).say(taskCompleted()).state()).toEqual(APPLIED);
    expect(asked('viewer').at(20_100).state()).toEqual({ kind: 'expired', announced: 'CONTINUE' });
  });

  it('leaves open reviews open when the connection is cut: the hub will tell of them again', () => {
    expect(asked('viewer').close('c1').state()).toEqual({ kind: 'open' });
  });

  it('sends a decision again on each new connection', () => {
    const scenario = asked('viewer');
    scenario.decide('CONTINUE');
    scenario.close('c1').open('c2', '');
    expect(scenario.written()).toEqual(['c1:CONTINUE', 'c2:CONTINUE']);
  });
});
