import { describe, expect, it } from 'vitest';
import { CLOSED } from '../../test/support/inferred-outcomes.ts';
import { asked, decided } from '../../test/support/relay-review.ts';
import {
  iterated,
  review,
  ReviewScenario,
  runEnded,
  runStarted,
  START_MS,
  taskCompleted,
  taskStarted,
  timedOut,
  token,
} from '../../test/support/review-scenario.ts';

describe('ReviewLedger: announcing', () => {
  it('keeps the announcement as it came, with fields that nobody knows', () => {
    const request = review({ requiredRole: 'lead', prompt: 'Sure?', onTimeout: 'FAIL', mood: 'tense' });
    const record = asked(request).ledger.record('r1');
    expect(record?.request).toEqual(request);
    expect(record).toMatchObject({
      producerId: 'p1',
      epoch: 1,
      sequence: 3,
      ensembleId: 'e1',
      requestedAt: { ms: START_MS + 100, ns: 0 },
      deadlineMs: START_MS + 20_100,
      refused: [],
      state: { kind: 'open' },
      changedAtMs: START_MS + 100,
    });
  });

  it('takes the same announcement in the same life for a repeat', () => {
    const scenario = decided('CONTINUE');
    const before = scenario.outputs.length;
    scenario.say(review(), { sequence: 3 }).say(review(), { sequence: 9 });
    expect(scenario.outputs.length).toBe(before);
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 's1' });
  });

  it('opens a review again that is announced in another life', () => {
    const scenario = decided('CONTINUE')
      .restart(2, 7)
      .say(review({ taskOutput: 'again' }), { epoch: 2 });
    expect(scenario.ledger.records()).toHaveLength(1);
    expect(scenario.ledger.record('r1')).toMatchObject({ epoch: 2, state: { kind: 'open' } });
    expect(scenario.ledger.record('r1')?.decision).toBeUndefined();
    scenario.say(review(), { epoch: 1, sequence: 30 });
    expect(scenario.ledger.record('r1')?.request.taskOutput).toBe('again');
  });

  it('leaves a review to the producer that announced it first', () => {
    const scenario = asked().open('s2', 'p2');
    const before = scenario.ledger.record('r1');
    scenario.outputs.length = 0;
    scenario.say(review({ taskOutput: 'mine' }), { producer: 'p2' });
    expect(scenario.outputs).toEqual([{ kind: 'conflict', producerId: 'p2', reviewId: 'r1', ownerId: 'p1' }]);
    expect(scenario.ledger.record('r1')).toBe(before);
    scenario.decide('CONTINUE');
    expect(scenario.written()).toEqual(['s1:CONTINUE']);
    scenario.ledger.forget('p1');
    scenario.say(review(), { producer: 'p2' });
    expect(scenario.ledger.record('r1')?.producerId).toBe('p2');
  });

  it('closes at once what was announced before a run ended, and came after that', () => {
    const scenario = new ReviewScenario()
      .say(runStarted())
      .say(runEnded(), { sequence: 9 })
      .say(review(), { sequence: 5 });
    expect(scenario.state()).toEqual(CLOSED);
    expect(scenario.told()).toEqual(['open', 'closed']);
  });

  it('knows of the end of a run without its start, too', () => {
    const scenario = new ReviewScenario()
      .say(taskStarted())
      .say(runEnded(), { sequence: 9 })
      .say(review(), { sequence: 5 });
    expect(scenario.state()).toEqual(CLOSED);
  });

  it('keeps nothing of a producer that has neither runs nor reviews', () => {
    const scenario = new ReviewScenario()
      .say(token())
      .say(iterated())
      .say(taskCompleted())
      .say(runEnded())
      .say(timedOut('FAIL'));
    expect(scenario.ledger.sizes.producers).toBe(0);
  });

  it('lets a review expire at once whose time is long over', () => {
    const scenario = new ReviewScenario().at(60_000).say(review(), { receivedMs: 0 });
    expect(scenario.told()).toEqual(['open', 'expired']);
  });

  it('keeps a bounded number of each producer: what is settled goes first', () => {
    const scenario = asked({}, { maxPerProducer: 2 }).say(review({ reviewId: 'r2', taskDescription: 'Other' }));
    scenario.say(taskCompleted('Other', 2)).say(review({ reviewId: 'r3' }));
    expect(scenario.ledger.records().map(({ reviewId }) => reviewId)).toEqual(['r1', 'r3']);
    scenario.say(review({ reviewId: 'r4' }));
    expect(scenario.ledger.records().map(({ reviewId }) => reviewId)).toEqual(['r3', 'r4']);
    expect(scenario.told('r1')).toEqual(['open', 'closed']);
    scenario.say(review({ reviewId: 'x' }), { producer: 'p2' });
    expect(scenario.ledger.records()).toHaveLength(3);
  });
});
