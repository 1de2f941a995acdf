import { describe, expect, it } from 'vitest';
import { asked, decided } from '../../test/support/relay-review.ts';
import { taskCompleted } from '../../test/support/review-scenario.ts';

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
