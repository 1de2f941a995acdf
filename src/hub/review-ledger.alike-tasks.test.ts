import { describe, expect, it } from 'vitest';
import { APPLIED, CLOSED } from '../../test/support/inferred-outcomes.ts';
import { asked, decided } from '../../test/support/relay-review.ts';
import {
  review,
  ReviewScenario,
  runEnded,
  runStarted,
  taskCompleted,
  taskStarted,
} from '../../test/support/review-scenario.ts';

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
