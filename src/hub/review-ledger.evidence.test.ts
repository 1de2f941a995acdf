import { describe, expect, it } from 'vitest';
import { APPLIED, CLOSED } from '../../test/support/inferred-outcomes.ts';
import { asked, decided } from '../../test/support/relay-review.ts';
import {
  iterated,
  review,
  ReviewScenario,
  runEnded,
  runStarted,
  taskCompleted,
  taskFailed,
  taskStarted,
  timedOut,
  token,
} from '../../test/support/review-scenario.ts';
import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';

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
