import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APPLIED, CLOSED } from '../../test/support/inferred-outcomes.ts';
import {
  review,
  ReviewScenario,
  runStarted,
  START_MS,
  taskCompleted,
  taskStarted,
  timedOut,
} from '../../test/support/review-scenario.ts';
import { asked } from '../../test/support/source-review.ts';
import { decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';

describe('ReviewLedger at an embedded dashboard', () => {
  it('measures time from the arrival: the dashboard stamps nothing', () => {
    const scenario = new ReviewScenario('embedded').at(5_000).say(review(), { receivedMs: 0 });
    expect(scenario.ledger.record('r1')?.deadlineMs).toBe(START_MS + 25_000);
    scenario.at(5_100).say(taskCompleted(), { receivedMs: 99_000 });
    expect(scenario.state()).toEqual(CLOSED);
  });

  it('sends a decision on the one connection and says that it is sent', () => {
    const scenario = asked('embedded');
    scenario.decide('EDIT', 'me', { revisedOutput: 'new' });
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 'c1' });
    expect(scenario.outputs).toContainEqual(
      expect.objectContaining({
        kind: 'write',
        decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"EDIT","revisedOutput":"new"}',
      }),
    );
  });

  it('keeps the revised text: nothing on the wire repeats it', () => {
    const scenario = asked('embedded');
    scenario.decide('EDIT', 'me', { revisedOutput: 'new' });
    expect(scenario.say(taskCompleted()).state()).toEqual(APPLIED);
    expect(scenario.ledger.record('r1')?.decision?.revisedOutput).toBe('new');
  });

  it('does not know after a cut how an open review stands, until there is evidence', () => {
    const scenario = asked('embedded').close('c1');
    expect(scenario.state()).toEqual({ kind: 'unknown' });
    expect(scenario.ledger.hasUnsettled('p1')).toBe(true);
    expect(scenario.at(200).open('c2', '').say(taskCompleted()).state()).toEqual(CLOSED);
  });

  it('lets an unknown review expire, and be decided as long as it has not', () => {
    expect(asked('embedded').cut().at(20_100).state()).toEqual({ kind: 'expired', announced: 'CONTINUE' });
    const scenario = asked('embedded').cut().at(500).open('c2', '');
    expect(scenario.decide('CONTINUE')).toBeUndefined();
    expect(scenario.written()).toEqual(['c2:CONTINUE']);
    expect(scenario.at(600).say(taskCompleted()).state()).toEqual(APPLIED);
  });

  it('leaves a decision that was sent before the cut as sent, and sends it again', () => {
    const scenario = asked('embedded');
    scenario.decide('CONTINUE');
    scenario.close('c1');
    expect(scenario.state()).toEqual({ kind: 'sent', connectionId: 'c1' });
    expect(scenario.open('c2', '').written()).toEqual(['c1:CONTINUE', 'c2:CONTINUE']);
  });

  it.each(['close', 'cut'] as const)('holds a decision while the source is away (%s)', (how) => {
    const scenario = asked('embedded');
    if (how === 'close') scenario.close('c1');
    else scenario.cut();
    scenario.decide('CONTINUE');
    expect(scenario.state()).toEqual({ kind: 'held' });
    expect(scenario.open('c2', '').written()).toEqual(['c2:CONTINUE']);
  });

  it('takes a connection that replaces another for a cut', () => {
    const scenario = asked('embedded').open('c2', '');
    expect(scenario.state()).toEqual({ kind: 'unknown' });
    scenario.say(review({ reviewId: 'r2' })).close('c1');
    expect(scenario.state('r2')).toEqual({ kind: 'open' });
  });

  it('counts what it heard before the connection was said to be gone', () => {
    const scenario = new ReviewScenario('embedded').say(runStarted()).say(taskStarted()).say(review());
    expect(scenario.cut().state()).toEqual({ kind: 'unknown' });
  });

  it('believes review_timed_out before anything else', () => {
    const scenario = asked('embedded', { onTimeout: 'EXIT_EARLY' });
    scenario.decide('EXIT_EARLY');
    scenario.say(taskCompleted()).say(timedOut('CONTINUE'));
    expect(scenario.state()).toEqual({ kind: 'expired', announced: 'EXIT_EARLY', happened: 'continued' });
  });

  it.each([
    ['embedded-review-short', { kind: 'expired', announced: 'EXIT_EARLY', happened: 'continued' }],
    ['embedded-review-exit', APPLIED],
    ['embedded-before-continue', APPLIED],
  ])('comes to the right end on the recording %s', (name, state) => {
    expect(
      replay(name)
        .ledger.records()
        .map((record) => record.state),
    ).toEqual([state]);
  });
});

/** Plays a recording of an embedded dashboard into a ledger: what came down as events, what went up as decisions. */
function replay(name: string): ReviewScenario {
  const url = new URL(`../../test/recordings/${name}.jsonl`, import.meta.url);
  const scenario = new ReviewScenario('embedded').open('c1', '');
  for (const line of readFileSync(url, 'utf8').trim().split('\n')) {
    const { t, dir, data } = JSON.parse(line) as { t: number; dir: string; data?: string };
    if (dir !== 'down' && dir !== 'up') continue;
    const message: unknown = JSON.parse(data ?? 'null');
    const decoded = decodeEnsembleMessage(message);
    scenario.at(t);
    if (dir === 'up')
      scenario.decide((message as { decision: string }).decision, 'me', message as { reviewId: string });
    else if (decoded.kind === 'known') scenario.say(decoded.message);
  }
  return scenario;
}
