import { describe, expect, it } from 'vitest';
import { asked, decided } from '../../test/support/relay-review.ts';
import { review, START_MS, taskCompleted } from '../../test/support/review-scenario.ts';

describe('ReviewLedger: deciding', () => {
  it('refuses a review that nobody asked for', () => {
    const refusal = asked().decide('CONTINUE', 'ann', { reviewId: 'nope' });
    expect(refusal).toMatchObject({ code: 'unknown_review', message: expect.stringContaining('"nope"') });
  });

  it('refuses a word that is no decision and passes nothing on', () => {
    const scenario = asked();
    expect(scenario.decide('maybe')).toMatchObject({ code: 'invalid_decision' });
    expect(scenario.written()).toEqual([]);
    expect(scenario.state()).toEqual({ kind: 'open' });
  });

  it('writes the word that a process understands, and the revised output with an edit', () => {
    const scenario = asked();
    scenario.decide('edit', 'ann', { revisedOutput: 'new' });
    expect(scenario.outputs).toContainEqual({
      kind: 'write',
      connectionId: 's1',
      producerId: 'p1',
      reviewId: 'r1',
      decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"EDIT","revisedOutput":"new"}',
    });
    const approved = asked();
    approved.decide('Approve', 'ann', { revisedOutput: 'of no use' });
    expect(approved.outputs).toContainEqual(
      expect.objectContaining({
        decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"CONTINUE"}',
      }),
    );
  });

  it('forgets the revised output at a relay when the decision is settled', () => {
    const scenario = asked();
    scenario.decide('EDIT', 'ann', { revisedOutput: 'new' });
    expect(scenario.ledger.record('r1')?.decision).toMatchObject({ revisedOutput: 'new' });
    scenario.say(taskCompleted());
    expect(scenario.ledger.record('r1')?.decision).toEqual({
      decision: 'EDIT',
      by: 'ann',
      atMs: START_MS + 100,
      local: true,
    });
  });

  it('names the winner to whoever comes second, the same person too', () => {
    const scenario = decided('CONTINUE');
    const told = scenario.outputs.length;
    expect(scenario.decide('EXIT_EARLY', 'bob')).toMatchObject({
      code: 'already_decided',
      message: expect.stringContaining('ann (CONTINUE)'),
      review: { decision: { by: 'ann' } },
    });
    expect(scenario.decide('CONTINUE', 'ann')).toMatchObject({ code: 'already_decided' });
    expect(scenario.ledger.record('r1')?.refused).toEqual([
      { by: 'bob', reason: 'superseded', atMs: START_MS + 1_000 },
      { by: 'ann', reason: 'superseded', atMs: START_MS + 1_000 },
    ]);
    expect(scenario.outputs.length).toBe(told);
  });

  it('remembers only the newest refused decisions', () => {
    const scenario = decided('CONTINUE');
    for (let count = 0; count < 50; count += 1) scenario.decide('CONTINUE', `viewer ${count}`);
    const refused = scenario.ledger.record('r1')?.refused ?? [];
    expect(refused).toHaveLength(20);
    expect(refused.at(-1)?.by).toBe('viewer 49');
  });

  it.each([
    ['closed', () => asked().say(taskCompleted())],
    ['expired', () => asked().at(20_100)],
    ['refused', () => decided('EXIT_EARLY').say(taskCompleted())],
  ])('refuses as too late when the review is %s', (kind, prepare) => {
    const scenario = prepare();
    expect(scenario.state()?.kind).toBe(kind);
    expect(scenario.decide('CONTINUE', 'bob')).toMatchObject({ code: 'too_late' });
    expect(scenario.ledger.record('r1')?.refused.at(-1)).toMatchObject({ by: 'bob', reason: 'too late' });
  });

  it('sees by itself that a deadline has passed when somebody decides', () => {
    const { ledger } = asked();
    const result = ledger.decide({ reviewId: 'r1', decision: 'CONTINUE', by: 'ann' }, START_MS + 20_100);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'too_late', outputs: [{ kind: 'changed', review: { state: { kind: 'expired' } } }] },
    });
  });

  it('takes a revised output up to its limit', () => {
    const scenario = asked({}, { maxEditChars: 4 });
    expect(scenario.decide('EDIT', 'ann', { revisedOutput: '12345' })).toMatchObject({ code: 'too_large' });
    expect(scenario.state()).toEqual({ kind: 'open' });
    expect(scenario.decide('EDIT', 'ann', { revisedOutput: '1234' })).toBeUndefined();
  });

  it('takes an edit of 1 Mi characters unless told otherwise', () => {
    const revisedOutput = 'x'.repeat(1024 * 1024);
    expect(asked().decide('EDIT', 'ann', { revisedOutput })).toBeUndefined();
    expect(asked().decide('EDIT', 'ann', { revisedOutput: `${revisedOutput}x` })).toMatchObject({ code: 'too_large' });
  });

  it('takes a bounded number of decisions that are on their way', () => {
    const scenario = asked({}, { maxWaiting: 1 }).say(review({ reviewId: 'r2', taskDescription: 'Other' }));
    expect(scenario.decide('CONTINUE')).toBeUndefined();
    expect(scenario.decide('CONTINUE', 'ann', { reviewId: 'r2' })).toMatchObject({ code: 'too_many_held' });
    scenario.say(taskCompleted());
    expect(scenario.decide('CONTINUE', 'ann', { reviewId: 'r2' })).toBeUndefined();
  });
});
