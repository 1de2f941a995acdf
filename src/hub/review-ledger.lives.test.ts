import { describe, expect, it } from 'vitest';
import { CLOSED } from '../../test/support/inferred-outcomes.ts';
import { asked, decided } from '../../test/support/relay-review.ts';
import { review, START_MS } from '../../test/support/review-scenario.ts';

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
