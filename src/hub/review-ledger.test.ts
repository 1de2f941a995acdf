import { describe, expect, it } from 'vitest';
import {
  iterated,
  review,
  ReviewScenario,
  runEnded,
  runStarted,
  START_MS,
  taskCompleted,
  taskFailed,
  taskStarted,
  timedOut,
  token,
} from '../../test/support/review-scenario.ts';
import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { ReviewRequested } from '../protocol/wire/review.ts';
import type { ReviewLimits } from './review-options.ts';

/** A run whose task `Draft` runs; `p1` is connected as `s1` and asks at 100 ms. */
function asked(change: Partial<ReviewRequested> = {}, limits: Partial<ReviewLimits> = {}): ReviewScenario {
  const scenario = new ReviewScenario('relay', limits).open('s1').say(runStarted());
  if (change.timing !== 'BEFORE_EXECUTION') scenario.say(taskStarted());
  return scenario.at(100).say(review(change));
}

/** The same, decided at 1,000 ms. */
function decided(decision: string, change: Partial<ReviewRequested> = {}): ReviewScenario {
  const scenario = asked(change).at(1_000);
  scenario.decide(decision);
  return scenario;
}

const APPLIED = { kind: 'applied', proof: 'inferred' };
const CLOSED = { kind: 'closed', inferred: true };

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

describe('ReviewLedger: delivering', () => {
  it('writes a held decision when the process is back, and only to it', () => {
    const scenario = asked().close('s1').open('other', 'p2').at(1_000);
    scenario.decide('CONTINUE');
    expect(scenario.state()).toEqual({ kind: 'held' });
    scenario.open('other again', 'p2').at(2_000).open('s2');
    expect(scenario.written()).toEqual(['s2:CONTINUE']);
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 's2' });
    expect(scenario.told()).toEqual(['open', 'held', 'sent']);
  });

  it('writes to the newest connection, and never back to one that was replaced', () => {
    const scenario = asked().open('s2');
    scenario.decide('CONTINUE');
    expect(scenario.written()).toEqual(['s2:CONTINUE']);
    scenario.close('s1').open('s2').close('s2');
    expect(scenario.written()).toEqual(['s2:CONTINUE']);
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 's2' });
  });

  it('holds when the newest connection is gone, though an older one still seems to be there', () => {
    const scenario = asked().open('s2').close('s2');
    scenario.decide('CONTINUE');
    expect(scenario.state()).toEqual({ kind: 'held' });
  });

  it('writes nothing more once the deadline has passed', () => {
    const scenario = decided('CONTINUE').at(20_100).open('s2');
    expect(scenario.written()).toEqual(['s1:CONTINUE']);
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 's1' });
  });

  it('says of a held decision whose deadline passes that it came too late, and then what happened', () => {
    const scenario = asked().close('s1');
    scenario.decide('CONTINUE');
    scenario.at(20_100).open('s2');
    expect(scenario.state()).toEqual({ kind: 'refused', reason: 'too late' });
    expect(scenario.written()).toEqual([]);
    scenario.say(taskCompleted());
    expect(scenario.state()).toEqual({ kind: 'refused', reason: 'too late', happened: 'continued' });
  });

  it('opens a review again whose decision was held for 24 hours, since the process may still wait', () => {
    const dayMs = 24 * 60 * 60 * 1_000;
    const scenario = asked({ timeoutMs: 0 }).close('s1');
    scenario.decide('CONTINUE');
    scenario.at(100 + dayMs - 1);
    expect(scenario.state()).toEqual({ kind: 'held' });
    scenario.at(100 + dayMs).open('s2');
    expect(scenario.state()).toEqual({ kind: 'open' });
    expect(scenario.ledger.record('r1')?.decision).toBeUndefined();
    expect(scenario.ledger.record('r1')?.refused).toMatchObject([{ by: 'ann', reason: 'held too long' }]);
    expect(scenario.decide('EXIT_EARLY', 'bob')).toBeUndefined();
    expect(scenario.written()).toEqual(['s2:EXIT_EARLY']);
  });

  it('gives up on a held decision after 24 hours though its deadline is later', () => {
    const hourMs = 60 * 60 * 1_000;
    const scenario = asked({ timeoutMs: 48 * hourMs }).close('s1');
    scenario.decide('CONTINUE');
    expect(scenario.at(25 * hourMs).state()).toEqual({ kind: 'open' });
  });

  it('gives up after 24 hours on a decision that was handed over and left no trace', () => {
    const dayMs = 24 * 60 * 60 * 1_000;
    const scenario = decided('CONTINUE', { timeoutMs: 0 }).at(1_000 + dayMs - 1);
    expect(scenario.state()?.kind).toBe('sent');
    scenario.at(1_000 + dayMs).open('s2');
    expect(scenario.state()).toEqual({ kind: 'unknown' });
    expect(scenario.written()).toEqual(['s1:CONTINUE']);
    expect(scenario.ledger.hasUnsettled('p1')).toBe(false);
  });
});

describe('ReviewLedger: evidence', () => {
  it.each([
    ['task_started', 'BEFORE_EXECUTION', taskStarted()],
    ['task_failed', 'BEFORE_EXECUTION', taskFailed()],
    ['llm_iteration_started', 'DURING_EXECUTION', iterated()],
    ['task_completed', 'DURING_EXECUTION', taskCompleted()],
    ['task_completed', 'AFTER_EXECUTION', taskCompleted()],
    ['task_failed', 'AFTER_EXECUTION', taskFailed()],
    ['ensemble_completed', 'AFTER_EXECUTION', runEnded()],
    ['ensemble_started of another run', 'AFTER_EXECUTION', runStarted('e2')],
    ['task_completed', 'a timing of a later version', taskCompleted()],
  ])('%s proves a decision %s', (_type, timing, evidence) => {
    expect(decided('CONTINUE', { timing }).at(1_100).say(evidence).state()).toEqual(APPLIED);
  });

  it.each([
    ['iterations', 'BEFORE_EXECUTION', iterated()],
    ['a completion', 'BEFORE_EXECUTION', taskCompleted()],
    ['iterations', 'AFTER_EXECUTION', iterated()],
    ['tokens', 'DURING_EXECUTION', token()],
    ['another task', 'AFTER_EXECUTION', taskCompleted('Other')],
    ['another task that fails', 'AFTER_EXECUTION', taskFailed('Other')],
    ['the start of the same run, said again', 'AFTER_EXECUTION', runStarted('e1')],
    ['the end of another run', 'AFTER_EXECUTION', runEnded('COMPLETED', 'e0')],
  ])('%s prove nothing about a decision %s', (_what, timing, event) => {
    expect(decided('CONTINUE', { timing }).at(1_100).say(event).state()?.kind).toBe('sent');
  });

  it('is nothing that another producer says', () => {
    expect(
      decided('CONTINUE').say(taskCompleted(), { producer: 'p2' }).say(runEnded(), { producer: 'p2' }).state()?.kind,
    ).toBe('sent');
  });

  it('is nothing that was said before the review, however late it comes', () => {
    expect(decided('CONTINUE').say(taskCompleted(), { sequence: 2 }).state()?.kind).toBe('sent');
    expect(decided('CONTINUE').say(runStarted('e0'), { sequence: 0 }).state()?.kind).toBe('sent');
  });

  it('counts after an unseen beginning of another life, which may be the same', () => {
    expect(decided('CONTINUE').restart(2, 9).say(taskCompleted(), { epoch: 2 }).state()).toEqual(APPLIED);
  });

  it('is not what was done well before the decision was made', () => {
    const late = decided('CONTINUE').at(5_000);
    expect(late.say(taskCompleted(), { receivedMs: 900 }).state()).toEqual(APPLIED);
    const scenario = asked().close('s1').at(9_000);
    scenario.decide('CONTINUE');
    scenario.at(9_500).open('s2').say(taskCompleted(), { receivedMs: 3_000 });
    expect(scenario.state()).toEqual({ kind: 'refused', reason: 'too late', happened: 'continued' });
  });

  it('is measured without what a publisher clock is off by', () => {
    const offMs = 60_000;
    const scenario = new ReviewScenario().open('s1').at(100_000);
    scenario
      .say(taskStarted(), { receivedMs: 100_000 - offMs })
      .say(review({ timeoutMs: 0 }), { receivedMs: 100_000 - offMs });
    scenario.at(105_000).decide('CONTINUE');
    scenario.at(105_100).say(taskCompleted(), { receivedMs: 105_100 - offMs });
    expect(scenario.state()).toEqual(APPLIED);
  });

  it('after the deadline proves a decision that was sent more than 2 s before it', () => {
    const well = asked({ timeoutMs: 5_000 }).at(3_099);
    well.decide('CONTINUE');
    expect(well.at(5_200).say(taskCompleted()).state()).toEqual(APPLIED);
    const hardly = asked({ timeoutMs: 5_000 }).at(3_100);
    hardly.decide('CONTINUE');
    expect(hardly.at(5_200).say(taskCompleted()).state()).toEqual({ kind: 'unknown' });
  });

  it('after the deadline proves nothing of a decision whose connection ended right after it was sent', () => {
    for (const [closesMs, kind] of [
      [2_900, 'unknown'],
      [3_100, 'applied'],
    ] as const) {
      const scenario = decided('CONTINUE').at(closesMs).close('s1').at(25_000).open('s2');
      expect(scenario.at(26_000).say(taskCompleted()).state()).toMatchObject({ kind });
    }
  });

  it('after the deadline goes by the last time that the decision was sent', () => {
    const scenario = decided('CONTINUE').close('s1').at(19_000).open('s2').at(20_200).say(taskCompleted());
    expect(scenario.state()).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['USER_EXIT_EARLY', APPLIED],
    ['COMPLETED', { kind: 'refused', reason: 'too late', happened: 'continued' }],
    ['TIMEOUT', { kind: 'refused', reason: 'too late', happened: 'exited' }],
    ['ERROR', { kind: 'unknown' }],
    ['a reason of a later version', { kind: 'unknown' }],
  ])('for EXIT_EARLY is the end of its run: %s', (exitReason, state) => {
    expect(decided('EXIT_EARLY').at(1_100).say(runEnded(exitReason)).state()).toEqual(state);
  });

  it.each<[string, [string, EnsembleMessage], string]>([
    ['goes on', ['AFTER_EXECUTION', taskCompleted()], 'continued'],
    ['starts', ['BEFORE_EXECUTION', taskStarted()], 'continued'],
    ['asks its model', ['DURING_EXECUTION', iterated()], 'continued'],
    ['fails', ['AFTER_EXECUTION', taskFailed()], 'failed'],
  ])('against EXIT_EARLY is that its task %s', (_what, [timing, event], happened) => {
    const state = decided('EXIT_EARLY', { timing }).at(1_100).say(event).state();
    expect(state).toEqual({ kind: 'refused', reason: 'too late', happened });
  });

  it('does not tell how a run ended that another one follows', () => {
    expect(decided('EXIT_EARLY').at(1_100).say(runStarted('e2')).state()).toEqual({ kind: 'unknown' });
    expect(asked().at(20_200).say(runStarted('e2')).state()).toEqual({ kind: 'expired', announced: 'CONTINUE' });
  });

  it('of a held decision says that it came too late, or that there is nobody to take it any more', () => {
    const held = (): ReviewScenario => {
      const scenario = asked().close('s1');
      scenario.decide('CONTINUE');
      return scenario.at(500);
    };
    expect(held().say(taskCompleted()).state()).toEqual({ kind: 'refused', reason: 'too late', happened: 'continued' });
    expect(held().say(runEnded()).state()).toEqual({ kind: 'refused', reason: 'cancelled' });
    expect(held().restart().state()).toEqual({ kind: 'refused', reason: 'cancelled' });
    expect(held().say(taskCompleted()).open('s2').written()).toEqual([]);
  });

  it('of nobody’s decision closes the review, before its deadline or without one', () => {
    expect(asked().at(500).say(taskCompleted()).state()).toEqual(CLOSED);
    expect(asked({ timeoutMs: 0 }).at(99_000_000).say(runEnded()).state()).toEqual(CLOSED);
  });

  it.each([
    [taskCompleted(), 'continued'],
    [taskFailed(), 'failed'],
    [runEnded('USER_EXIT_EARLY'), 'exited'],
    [runEnded('TIMEOUT'), 'exited'],
    [runEnded('ERROR'), 'failed'],
    [runEnded('COMPLETED'), 'continued'],
  ])('after an expiry tells what happened (%#: %s)', (event, happened) => {
    const scenario = asked({ onTimeout: 'FAIL' }).at(20_200).say(event);
    expect(scenario.state()).toEqual({ kind: 'expired', announced: 'FAIL', happened });
    expect(scenario.told()).toEqual(['open', 'expired', 'expired']);
  });

  it('that is older than the deadline corrects an expiry which only our clock saw', () => {
    expect(asked().at(20_200).say(taskCompleted(), { receivedMs: 20_000 }).state()).toEqual(CLOSED);
  });

  it('ends a review once and for all', () => {
    const scenario = decided('CONTINUE').at(1_100).say(taskCompleted());
    const before = scenario.ledger.record('r1');
    scenario.say(taskCompleted()).say(runEnded('ERROR')).restart().at(99_000);
    expect(scenario.ledger.record('r1')).toBe(before);
  });
});

describe('ReviewLedger: tasks that look alike', () => {
  it('waits for the end of the run when a second task of that description starts', () => {
    const scenario = decided('CONTINUE')
      .say(taskStarted('Draft', 2))
      .say(taskCompleted('Draft', 1))
      .say(taskCompleted('Draft', 2));
    expect(scenario.state()?.kind).toBe('sent');
    expect(scenario.say(runEnded()).state()).toEqual(APPLIED);
  });

  it('knows another task of that description by its start, where its own was not seen', () => {
    const scenario = new ReviewScenario().open('s1').say(review());
    scenario.decide('CONTINUE');
    expect(scenario.say(taskStarted('Draft', 2)).say(taskCompleted('Draft', 2)).state()?.kind).toBe('sent');
  });

  it('takes a start that comes late for the start of its own task', () => {
    const scenario = new ReviewScenario().open('s1').say(review(), { sequence: 3 });
    scenario.decide('CONTINUE');
    scenario.say(taskStarted(), { sequence: 1 }).say(taskCompleted(), { sequence: 4 });
    expect(scenario.state()).toEqual(APPLIED);
  });

  it('is not misled by a start that is said twice', () => {
    expect(decided('CONTINUE').say(taskStarted('Draft', 1)).say(taskCompleted()).state()).toEqual(APPLIED);
  });

  it('takes an alike task that has finished for no danger', () => {
    const scenario = new ReviewScenario()
      .open('s1')
      .say(runStarted())
      .say(taskStarted('Draft', 1))
      .say(taskCompleted('Draft', 1));
    scenario.say(taskStarted('Draft', 2)).say(review()).decide('CONTINUE');
    expect(scenario.say(taskCompleted('Draft', 2)).state()).toEqual(APPLIED);
  });

  it('takes an alike task of a run that has ended for no danger', () => {
    const scenario = new ReviewScenario().open('s1').say(runStarted()).say(taskStarted()).say(runStarted('e2'));
    scenario
      .say(taskStarted('Draft', 1, '2026-01-02T00:00:00Z'))
      .say(review())
      .decide('CONTINUE');
    expect(scenario.say(taskCompleted()).state()).toEqual(APPLIED);
  });

  it('counts tasks that reviews hold back from starting', () => {
    const scenario = asked({ timing: 'BEFORE_EXECUTION' }).say(review({ reviewId: 'r2', timing: 'BEFORE_EXECUTION' }));
    scenario.decide('CONTINUE');
    scenario.say(taskStarted());
    expect([scenario.state('r1')?.kind, scenario.state('r2')?.kind]).toEqual(['sent', 'open']);
    scenario.say(runEnded());
    expect([scenario.state('r1'), scenario.state('r2')]).toEqual([APPLIED, CLOSED]);
  });

  it('counts a running task against one that is held back', () => {
    const scenario = new ReviewScenario().open('s1').say(runStarted()).say(taskStarted('Draft', 1));
    scenario.say(review({ timing: 'BEFORE_EXECUTION' })).decide('CONTINUE');
    expect(scenario.say(taskStarted('Draft', 2)).state()?.kind).toBe('sent');
  });

  it('lets a task be reviewed again after it was let to start', () => {
    const scenario = decided('CONTINUE', { timing: 'BEFORE_EXECUTION' }).say(taskStarted());
    scenario.say(review({ reviewId: 'r2' })).decide('CONTINUE', 'ann', { reviewId: 'r2' });
    expect(scenario.say(taskCompleted()).state('r2')).toEqual(APPLIED);
  });
});

describe('ReviewLedger: lives of a process', () => {
  it.each([
    ['open', asked(), CLOSED],
    ['sent', decided('CONTINUE'), { kind: 'unknown' }],
    ['expired', asked().at(20_100), { kind: 'expired', announced: 'CONTINUE' }],
  ])('a restart ends its run: %s', (kind, scenario, state) => {
    expect(scenario.state()?.kind).toBe(kind);
    expect(scenario.restart().open('s2').state()).toEqual(state);
    expect(scenario.written()).not.toContain('s2:CONTINUE');
    expect(scenario.ledger.hasUnsettled('p1')).toBe(false);
  });

  it('a life whose beginning was not seen may be the same one', () => {
    expect(asked().restart(2, 40).state()).toEqual({ kind: 'open' });
  });

  it('does not end what the new life asked', () => {
    const scenario = asked()
      .restart()
      .say(review({ reviewId: 'r2' }), { epoch: 2 });
    scenario.outputs.push(...scenario.ledger.epochBegan('p1', { epoch: 2, firstSequence: 1 }, START_MS + 200));
    expect(scenario.state('r2')).toEqual({ kind: 'open' });
    expect(scenario.ledger.record('r2')?.ensembleId).toBeUndefined();
  });
});

describe('ReviewLedger: word of the process', () => {
  it.each([
    ['CONTINUE', 'continued'],
    ['exit_early', 'exited'],
    ['FAIL', 'failed'],
  ])('review_timed_out %s overrules what was inferred', (action, happened) => {
    const state = { kind: 'expired', announced: 'CONTINUE', happened };
    expect(decided('CONTINUE').say(taskCompleted()).say(timedOut(action)).state()).toEqual(state);
    expect(decided('CONTINUE').say(timedOut(action)).say(taskCompleted()).state()).toEqual(state);
  });

  it('is about what the process had asked by then, whenever it is heard', () => {
    const scenario = asked()
      .restart()
      .say(review({ timeoutMs: 0 }), { epoch: 2, sequence: 3 });
    expect(scenario.say(timedOut('FAIL'), { epoch: 1, sequence: 9 }).state()).toEqual({ kind: 'open' });
  });

  it('is not taken from another producer', () => {
    expect(asked().say(timedOut('FAIL'), { producer: 'p2' }).state()).toEqual({ kind: 'open' });
  });

  it('that is not understood leaves open what happened', () => {
    expect(asked().say(timedOut('PAUSE')).state()).toEqual({ kind: 'expired', announced: 'CONTINUE' });
  });
});

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
