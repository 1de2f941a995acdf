import { describe, expect, test } from 'vitest';
import { SAID } from '../../test/support/envelopes.ts';
import { type HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { KEY, say, waiting } from '../../test/support/waiting-producer.ts';

function reviewState(state: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const at = new Date(START_MS + 500).toISOString();
  return { type: 'review_state', producerId: 'p', reviewId: 'r1', state, at, ...more };
}

function written(hub: HubDriver): unknown[] {
  return hub.writes.map(({ text }) => JSON.parse(text) as unknown);
}

describe('a decision', () => {
  test('is written to the source, and sent once the relay says so', () => {
    const hub = waiting();
    hub.receive(reviewState('open'));
    const output = hub.decide({ review: KEY, decision: 'EDIT', revisedOutput: 'better' });
    expect(output.decided).toEqual({ ok: true, value: { sent: true } });
    expect(output.writes.map(({ sourceId }) => sourceId)).toEqual([SOURCE]);
    expect(written(hub)).toEqual([
      expect.objectContaining({ type: 'review_decision', reviewId: 'r1', decision: 'EDIT', revisedOutput: 'better' }),
    ]);
    expect(hub.review('r1', 'p')).toMatchObject({
      status: { kind: 'sending' },
      decision: { decision: 'EDIT', by: 'this browser', mine: true },
      canDecide: false,
    });
    expect(hub.producer('p')).toMatchObject({ state: 'running', openReviews: 0 });
    hub.receive(reviewState('sent', { decision: 'EDIT', by: 'this browser' }));
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'sent' });
    hub.receive(reviewState('applied', { decision: 'EDIT', by: 'this browser' }));
    expect(hub.review('r1', 'p')?.status).toMatchObject({ kind: 'applied' });
  });

  test('carries the name of this browser, and one of the same name is its own', () => {
    const hub = waiting();
    hub.receive(reviewState('open'));
    hub.do({ kind: 'named', by: 'Ann' });
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    expect(written(hub)).toEqual([expect.objectContaining({ decision: 'CONTINUE', by: 'Ann' })]);
    hub.receive(reviewState('sent', { decision: 'CONTINUE', by: 'Bob' }));
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'decided-elsewhere' });
  });

  test('is held for a process that is away, as the relay says', () => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.receive(reviewState('held', { decision: 'CONTINUE', by: 'this browser' }));
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'held', why: 'process-away' });
  });

  test('that the relay has already when it is written again is no news to anybody', () => {
    const hub = waiting();
    hub.receive(reviewState('open'));
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.cut();
    hub.connect();
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    hub.receive(reviewState('sent', { decision: 'CONTINUE', by: 'this browser' }));
    const message = 'Review "r1" was decided first by this browser (CONTINUE). Nothing more is to be done.';
    hub.receive({ type: 'error', code: 'already_decided', message, reviewId: 'r1' });
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'sent' });
    expect(hub.state.notices).toEqual([]);
  });

  test('is held while the source is away, and written once when it is back', () => {
    const hub = waiting();
    hub.cut();
    expect(hub.review('r1', 'p')).toMatchObject({ status: { kind: 'open' }, canDecide: true });
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    expect(hub.writes).toEqual([]);
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'held', why: 'source-away' });
    hub.connect();
    expect(hub.writes).toEqual([]);
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    expect(written(hub)).toEqual([expect.objectContaining({ reviewId: 'r1', decision: 'CONTINUE' })]);
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    hub.wait(1000);
    expect(hub.writes).toHaveLength(1);
  });

  test('is not written any more once its deadline has passed', () => {
    const hub = waiting();
    hub.cut();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.wait(21_000);
    hub.connect();
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    expect(hub.writes).toEqual([]);
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'too-late' });
  });

  test('is refused when nobody knows the review, with a sentence', () => {
    const output = waiting().decide({ review: `${KEY}x`, decision: 'CONTINUE' });
    expect(output.decided).toEqual({
      ok: false,
      error: { code: 'unknown-review', message: 'This review is no longer kept. Look at the open reviews again.' },
    });
  });

  test.each([
    ['too-large', { decision: 'EDIT', revisedOutput: 'x'.repeat(2 ** 20 + 1) }],
    ['bad-decision', { decision: 'PERHAPS' }],
  ])('is refused as %s', (code, request) => {
    const hub = waiting();
    const output = hub.decide({ review: KEY, ...request } as never);
    expect(output.decided).toMatchObject({ ok: false, error: { code } });
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'open' });
  });

  test('is refused when one was made before', () => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    expect(hub.decide({ review: KEY, decision: 'EXIT_EARLY' }).decided).toMatchObject({
      ok: false,
      error: { code: 'not-open' },
    });
    expect(hub.writes).toHaveLength(1);
  });

  test('of somebody else is seen as theirs', () => {
    const hub = waiting();
    hub.receive(reviewState('sent', { decision: 'CONTINUE', by: 'ann' }));
    expect(hub.review('r1', 'p')).toMatchObject({
      status: { kind: 'decided-elsewhere' },
      decision: { decision: 'CONTINUE', by: 'ann', mine: false },
      canDecide: false,
    });
  });

  test('that lost against another is seen as decided elsewhere', () => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.receive({ type: 'error', code: 'already_decided', message: 'Ann was first.', reviewId: 'r1' });
    hub.receive(reviewState('sent', { decision: 'EXIT_EARLY', by: 'ann' }));
    expect(hub.review('r1', 'p')).toMatchObject({
      status: { kind: 'decided-elsewhere' },
      decision: { by: 'ann', mine: false },
    });
  });

  test.each([
    ['too_late', { kind: 'too-late' }],
    ['unknown_review', { kind: 'refused', reason: 'unknown review' }],
  ])('that the relay turns down with %s shows it', (code, status) => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.receive({ type: 'error', code, message: 'No.', reviewId: 'r1' });
    expect(hub.review('r1', 'p')?.status).toEqual(status);
    expect(hub.view<'attention'>({ view: 'attention' }).head.notices).toEqual([]);
  });

  test('that is not taken leaves the review open, and says why', () => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.receive({ type: 'error', code: 'no_return_path', message: 'It only posts.', reviewId: 'r1' });
    expect(hub.review('r1', 'p')).toMatchObject({ status: { kind: 'open' }, canDecide: true });
    const { notices } = hub.view<'attention'>({ view: 'attention' }).head;
    expect(notices.map(({ text }) => text)).toEqual([`at ${SOURCE} says: It only posts.`]);
  });

  test('is applied once its own task goes on, where no relay of ours says so', () => {
    const hub = waiting();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.wait(100);
    say(hub, 4, SAID.taskCompleted());
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'applied', proof: 'inferred' });
  });
});
