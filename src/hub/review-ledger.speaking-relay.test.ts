import { describe, expect, it } from 'vitest';
import { APPLIED, CLOSED } from '../../test/support/inferred-outcomes.ts';
import {
  review,
  ReviewScenario,
  runEnded,
  START_MS,
  taskCompleted,
  timedOut,
} from '../../test/support/review-scenario.ts';
import { asked } from '../../test/support/source-review.ts';

describe('ReviewLedger behind a relay that speaks of reviews', () => {
  it('is sending until the relay has answered', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    expect(scenario.state()).toEqual({ kind: 'sending', connectionId: 'c1' });
    expect(scenario.outputs).toContainEqual(
      expect.objectContaining({
        decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"CONTINUE","by":"me"}',
      }),
    );
    scenario.hear('held', { decision: 'CONTINUE', by: 'me' });
    expect(scenario.state()).toEqual({ kind: 'held' });
    scenario.hear('sent', { decision: 'CONTINUE', by: 'me' });
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 'c1' });
    scenario.hear('applied', { decision: 'CONTINUE', by: 'me' });
    expect(scenario.told()).toEqual(['open', 'sending', 'held', 'sent', 'applied']);
    expect(scenario.ledger.record('r1')?.decision).toMatchObject({ by: 'me', local: true });
  });

  it('is sent where another server is at its address since, which does not speak of reviews', () => {
    const scenario = asked('viewer')
      .hear('open')
      .close('c1')
      .open('c2', '')
      .say(review({ reviewId: 'r2' }));
    scenario.ledger.decide({ reviewId: 'r2', decision: 'CONTINUE', by: 'me' }, START_MS + 200);
    expect(scenario.ledger.record('r2')?.state).toEqual({ kind: 'sent', connectionId: 'c2' });
  });

  it('infers nothing by itself any more', () => {
    const scenario = asked('viewer').hear('open').at(20_100).say(taskCompleted()).say(timedOut('FAIL')).restart();
    expect(scenario.state()).toEqual({ kind: 'open' });
    expect(scenario.ledger.nextDeadlineMs()).toBeUndefined();
    expect(scenario.decide('CONTINUE')).toBeUndefined();
  });

  it('infers again what the relay does not repeat on the next connection', () => {
    const scenario = asked('viewer').hear('open').close('c1').open('c2', '');
    expect(scenario.ledger.nextDeadlineMs()).toBe(START_MS + 20_100);
    expect(scenario.say(runEnded()).state()).toEqual(CLOSED);
  });

  it('learns who decided elsewhere, and when', () => {
    const scenario = asked('viewer').at(700).hear('sent', { decision: 'EXIT_EARLY', by: 'bob' });
    expect(scenario.ledger.record('r1')).toMatchObject({
      state: { kind: 'sent' },
      decision: { decision: 'EXIT_EARLY', by: 'bob', local: false, atMs: START_MS + 700 },
    });
    expect(scenario.decide('CONTINUE', 'me')).toMatchObject({ code: 'already_decided' });
    scenario.at(900).hear('applied', { decision: 'EXIT_EARLY', by: 'bob' });
    expect(scenario.ledger.record('r1')?.decision?.atMs).toBe(START_MS + 700);
  });

  it('stops to wait for what others decided when no relay speaks of it any more', () => {
    const scenario = asked('viewer').hear('held', { decision: 'CONTINUE', by: 'bob' }).close('c1');
    expect(scenario.at(100 + 24 * 60 * 60 * 1_000).state()).toEqual({ kind: 'unknown' });
    expect(scenario.ledger.record('r1')?.decision?.by).toBe('bob');
  });

  it('gives way when the relay had another decision first', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.hear('sent', { decision: 'EXIT_EARLY', by: 'bob' });
    expect(scenario.ledger.record('r1')).toMatchObject({
      state: { kind: 'sent' },
      decision: { by: 'bob', local: false },
      refused: [{ by: 'me', reason: 'superseded' }],
    });
    expect(scenario.ledger.sizes.waiting).toBe(0);
    expect(scenario.close('c1').open('c2', '').written()).toEqual(['c1:CONTINUE']);
  });

  it.each([
    ['expired', { announced: 'FAIL', happened: 'failed' }, { kind: 'expired', announced: 'FAIL', happened: 'failed' }],
    ['expired', {}, { kind: 'expired', announced: '' }],
    ['closed', {}, CLOSED],
    ['refused', { reason: 'cancelled' }, { kind: 'refused', reason: 'cancelled' }],
    ['refused', { reason: 'of a later version' }, { kind: 'refused', reason: 'not taken' }],
    ['unknown', {}, { kind: 'unknown' }],
    ['decided', {}, { kind: 'decided' }],
  ])('takes over %s %o', (state, said, expected) => {
    expect(asked('viewer').hear(state, said).state()).toEqual(expected);
  });

  it('knows that its decision was too late when the relay only says that the time ran out', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.hear('expired', { announced: 'CONTINUE' });
    expect(scenario.ledger.record('r1')?.decision).toBeUndefined();
    expect(scenario.ledger.record('r1')?.refused).toMatchObject([{ by: 'me', reason: 'too late' }]);
  });

  it('is told the same again without a change, and does not understand states of a later version', () => {
    const scenario = asked('viewer').hear('sent', { decision: 'CONTINUE', by: 'bob' });
    const before = scenario.ledger.record('r1');
    scenario.hear('sent', { decision: 'CONTINUE', by: 'bob' }).hear('pondering');
    expect(scenario.ledger.record('r1')).toBe(before);
  });

  it('sends again when a relay that came back does not have the decision, once on each connection', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.hear('held', { decision: 'CONTINUE', by: 'me' }).close('c1').open('c2', '');
    expect(scenario.written()).toEqual(['c1:CONTINUE']);
    scenario.hear('open').hear('open');
    expect(scenario.written()).toEqual(['c1:CONTINUE', 'c2:CONTINUE']);
    expect(scenario.state()).toEqual({ kind: 'sending', connectionId: 'c2' });
  });

  it('sends at once on a new connection what no relay has acknowledged', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.close('c1').open('c2', '');
    expect(scenario.written()).toEqual(['c1:CONTINUE', 'c2:CONTINUE']);
  });

  it('opens a review again that the relay opened again after holding the decision', () => {
    const scenario = asked('viewer', { timeoutMs: 0 }).hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.hear('held', { decision: 'CONTINUE', by: 'me' }).hear('open');
    expect(scenario.state()).toEqual({ kind: 'open' });
    expect(scenario.ledger.record('r1')?.refused).toMatchObject([{ by: 'me', reason: 'held too long' }]);
    expect(scenario.decide('CONTINUE', 'me')).toBeUndefined();
    expect(scenario.written()).toEqual(['c1:CONTINUE', 'c1:CONTINUE']);
  });

  it.each([
    ['already_decided', { kind: 'refused', reason: 'superseded' }],
    ['too_late', { kind: 'refused', reason: 'too late' }],
    ['unknown_review', { kind: 'refused', reason: 'unknown review' }],
  ])('learns from the error %s', (code, state) => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    expect(scenario.hearRefusal(code).state()).toEqual(state);
    expect(scenario.close('c1').open('c2', '').written()).toEqual(['c1:CONTINUE']);
  });

  it('hands over again what was decided again after a relay held the first decision for too long', () => {
    const dayMs = 24 * 60 * 60 * 1_000;
    const scenario = asked('viewer', { timeoutMs: 0 }).hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario
      .hear('held', { decision: 'CONTINUE', by: 'me' })
      .close('c1')
      .at(100 + dayMs);
    expect(scenario.state()).toEqual({ kind: 'open' });
    scenario.decide('EXIT_EARLY', 'me');
    expect(scenario.open('c2', '').written()).toEqual(['c1:CONTINUE', 'c2:EXIT_EARLY']);
  });

  it('never hands over what others decided', () => {
    const scenario = asked('viewer').hear('held', { decision: 'CONTINUE', by: 'bob' }).close('c1').open('c2', '');
    expect(scenario.hear('open').written()).toEqual([]);
    expect(scenario.state()).toEqual({ kind: 'open' });
    expect(scenario.ledger.record('r1')?.decision).toBeUndefined();
  });

  it('is not put off by a relay that says what was before the decision', () => {
    const scenario = asked('viewer');
    scenario.decide('CONTINUE', 'me');
    expect(scenario.hear('open').state()).toEqual({ kind: 'sent', connectionId: 'c1' });
    expect(scenario.written()).toEqual(['c1:CONTINUE']);
  });

  it('leaves delivering to a relay that has the decision, also if nothing else is new', () => {
    const scenario = asked('viewer');
    scenario.decide('CONTINUE', 'me');
    scenario.hear('sent', { decision: 'CONTINUE', by: 'me' }).close('c1').open('c2', '');
    expect(scenario.written()).toEqual(['c1:CONTINUE']);
  });

  it('ignores an error about a decision that is known to be applied', () => {
    const scenario = asked('viewer');
    scenario.decide('CONTINUE', 'me');
    expect(scenario.say(taskCompleted()).hearRefusal('too_late').state()).toEqual(APPLIED);
  });

  it('lets the person try again after any other error', () => {
    const scenario = asked('viewer').hear('open');
    scenario.decide('CONTINUE', 'me');
    scenario.hearRefusal('too_many_held');
    expect(scenario.ledger.record('r1')).toMatchObject({ state: { kind: 'open' }, refused: [{ reason: 'not taken' }] });
    expect(scenario.decide('CONTINUE', 'me')).toBeUndefined();
  });

  it('ignores errors about decisions that are not its own or that the relay has', () => {
    const scenario = asked('viewer').hear('open').hearRefusal('too_late');
    expect(scenario.state()).toEqual({ kind: 'open' });
    scenario.decide('CONTINUE', 'me');
    scenario.hear('sent', { decision: 'CONTINUE', by: 'me' }).hearRefusal('already_decided');
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 'c1' });
    expect(new ReviewScenario('viewer').hearRefusal('too_late').outputs).toEqual([]);
  });

  it('keeps a word that is quicker than the announcement', () => {
    const scenario = new ReviewScenario('viewer').open('c1', '').hear('sent', { decision: 'CONTINUE', by: 'bob' });
    expect(scenario.ledger.sizes.words).toBe(1);
    scenario.say(review());
    expect(scenario.ledger.record('r1')).toMatchObject({ state: { kind: 'sent' }, decision: { by: 'bob' } });
    expect(scenario.ledger.sizes.words).toBe(0);
  });

  it('believes the relay about who owns a review', () => {
    const scenario = new ReviewScenario('viewer')
      .open('c1', '')
      .say(review({ taskOutput: 'evil' }), { producer: 'p2' });
    scenario.hear('open', { producerId: 'p1' }).say(review());
    expect(scenario.ledger.record('r1')).toMatchObject({ producerId: 'p1', request: { taskOutput: 'text' } });
    expect(scenario.ledger.records('p2')).toEqual([]);
  });

  it('forgets words together with their producer', () => {
    const scenario = new ReviewScenario('viewer').hear('open').hear('open', { producerId: 'p2' });
    scenario.ledger.forget('p1');
    expect(scenario.ledger.sizes.words).toBe(1);
  });
});
