import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { producerKey, reviewKey } from '../protocol/tab/keys.ts';
import { BODY_PREVIEW_CHARS } from '../protocol/tab/body.ts';
import { readHubBody } from './read-hub-body.ts';

const KEY = reviewKey(producerKey(SOURCE, 'p'), 'r1');

/** A hub of many producers, of which one waits for a person. */
function waiting(review: Record<string, unknown> = SAID.review()): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
  const said = [SAID.runStarted(), SAID.taskStarted(), review];
  said.forEach((message, index) => hub.receive(envelope({ producerId: 'p', sequence: index + 1 }, message)));
  return hub;
}

function say(hub: HubDriver, sequence: number, message: unknown): void {
  hub.receive(envelope({ producerId: 'p', sequence, atMs: hub.nowMs }, message));
}

function reviewState(state: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const at = new Date(START_MS + 500).toISOString();
  return { type: 'review_state', producerId: 'p', reviewId: 'r1', state, at, ...more };
}

function written(hub: HubDriver): unknown[] {
  return hub.writes.map(({ text }) => JSON.parse(text) as unknown);
}

/** An embedded dashboard that waits for a person. */
function waitingEmbedded(timeoutMs = 20_000): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hello' });
  for (const message of [SAID.runStarted(), SAID.taskStarted(), SAID.review('r1', { timeoutMs })]) hub.receive(message);
  return hub;
}

describe('a review that waits', () => {
  test('is over for the run that asks under its id again, in the same life', () => {
    const hub = waiting();
    say(hub, 4, SAID.taskCompleted());
    say(hub, 5, SAID.runStarted('run 2'));
    say(hub, 6, SAID.review());
    const { head } = hub.view<'run'>({ view: 'run', producer: producerKey(SOURCE, 'p') });
    expect([hub.review('r1', 'p')?.status.kind, head?.run?.state]).toEqual(['closed', 'running']);
  });

  test('is shown with all that is known of it', () => {
    const hub = waiting(SAID.review('r1', { prompt: 'Publish?', requiredRole: 'editor' }));
    expect(hub.review('r1', 'p')).toEqual({
      id: KEY,
      order: START_MS + 3,
      reviewId: 'r1',
      producer: producerKey(SOURCE, 'p'),
      serviceName: 'service of p',
      run: 'r1',
      taskDescription: 'Draft',
      agentRole: 'Writer',
      timing: 'AFTER_EXECUTION',
      prompt: 'Publish?',
      output: { text: 'text', totalChars: 4 },
      requiredRole: 'editor',
      onTimeout: 'CONTINUE',
      timeoutMs: 20_000,
      requestedAtMs: START_MS + 3,
      deadlineMs: START_MS + 20_003,
      status: { kind: 'open' },
      canDecide: true,
    });
    expect(hub.view<'reviews'>({ view: 'reviews' }).head).toEqual({ open: 1 });
    expect(hub.view<'attention'>({ view: 'attention' }).head).toMatchObject({
      openReviews: 1,
      nextDeadlineMs: START_MS + 20_003,
    });
    expect(hub.producer('p')).toMatchObject({ openReviews: 1, nextDeadlineMs: START_MS + 20_003 });
    const run = hub.view<'run'>({ view: 'run', producer: producerKey(SOURCE, 'p') });
    expect(Object.values(run.entities.tasks)).toEqual([expect.objectContaining({ state: 'waiting for you' })]);
  });

  test('has a whole output of which the view carries the beginning', () => {
    const output = 'x'.repeat(BODY_PREVIEW_CHARS + 1);
    const hub = waiting(SAID.review('r1', { taskOutput: output }));
    const body = hub.review('r1', 'p')?.output;
    expect(body).toMatchObject({ totalChars: output.length, text: output.slice(1) });
    expect(readHubBody(hub.state, producerKey(SOURCE, 'p'), body?.ref ?? '')).toBe(output);
    expect(readHubBody(hub.state, producerKey(SOURCE, 'q'), body?.ref ?? '')).toBeUndefined();
    expect(readHubBody(hub.state, producerKey(SOURCE, 'p'), 'review:r2')).toBeUndefined();
  });

  test('expires at its deadline with what was announced, and nobody decides for the person', () => {
    const hub = waiting();
    hub.wait(19_000);
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'open' });
    hub.wait(1_500);
    expect(hub.review('r1', 'p')).toMatchObject({
      status: { kind: 'expired', announced: 'CONTINUE' },
      canDecide: false,
    });
    expect(hub.view<'attention'>({ view: 'attention' }).head).toMatchObject({ openReviews: 0, notices: [] });
    expect(hub.writes).toEqual([]);
  });

  test('names its agent when a review before execution learns whose task it is', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    say(hub, 1, SAID.runStarted());
    say(hub, 2, SAID.review('r1', { timing: 'BEFORE_EXECUTION', taskOutput: '' }));
    expect(hub.review('r1', 'p')?.agentRole).toBeUndefined();
    say(hub, 3, SAID.taskStarted());
    expect(hub.review('r1', 'p')).toMatchObject({ agentRole: 'Writer', status: { kind: 'closed' } });
  });

  test('names its agent as soon as it is known, be it by the last of its task', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    say(hub, 1, SAID.runStarted());
    say(hub, 2, SAID.review('r1', { timing: 'BEFORE_EXECUTION', taskOutput: '' }));
    say(hub, 3, SAID.taskCompleted());
    expect(hub.review('r1', 'p')).toMatchObject({ agentRole: 'Writer', status: { kind: 'open' } });
  });

  test('is another review for another producer, whatever its id', () => {
    const hub = waiting();
    hub.receive(envelope({ producerId: 'q', sequence: 1 }, SAID.review('r1')));
    expect(hub.review('r1', 'q')).toBeUndefined();
    const { notices } = hub.view<'attention'>({ view: 'attention' }).head;
    expect(notices.map(({ text }) => text)).toEqual([
      '"q" asks for a review under an id that "p" used before it. Only the first is shown; give every review an id of its own.',
    ]);
  });

  test('goes with the run it is of', () => {
    const hub = new HubDriver({ limits: { maxRuns: 2 } });
    hub.add();
    hub.receive({ type: 'hub_hello' });
    const said = [1, 2, 3].flatMap((n) => [
      SAID.runStarted(`e${n}`),
      SAID.taskStarted(),
      SAID.review(`r${n}`),
      SAID.taskCompleted(),
      SAID.runEnded(`e${n}`),
    ]);
    said.forEach((message, index) => hub.receive(envelope({ producerId: 'p', sequence: index + 1 }, message)));
    expect(hub.producer('p')?.runs).toBe(2);
    expect(['r1', 'r2', 'r3'].map((id) => hub.review(id, 'p')?.run)).toEqual([undefined, 'r2', 'r3']);
  });
});

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

describe('a review of an embedded dashboard', () => {
  test('has its deadline by our clock, and is what the process says at the end', () => {
    const hub = waitingEmbedded(2000);
    expect(hub.review('r1')?.deadlineMs).toBe(hub.nowMs + 2000);
    hub.wait(2100);
    expect(hub.review('r1')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE' });
    hub.receive({ type: 'review_timed_out', reviewId: 'r1', action: 'EXIT_EARLY' });
    expect(hub.review('r1')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE', happened: 'exited' });
  });

  test('is unknown after a cut, and cannot be decided until the process is back', () => {
    const hub = waitingEmbedded();
    hub.cut();
    expect(hub.review('r1')).toMatchObject({
      status: { kind: 'unknown', why: 'The connection was cut, and the process may have gone on by itself since.' },
      canDecide: false,
    });
    expect(hub.decide({ review: reviewKey(producerKey(SOURCE, 'self'), 'r1'), decision: 'CONTINUE' }).decided).toEqual({
      ok: false,
      error: {
        code: 'not-open',
        message: `at ${SOURCE} is not connected, and its process may have gone on by itself. Decide again when it is back.`,
      },
    });
    hub.connect();
    hub.receive({ type: 'hello', snapshotTrace: [SAID.runStarted(), SAID.taskStarted()] });
    expect(hub.review('r1')).toMatchObject({
      status: {
        kind: 'unknown',
        why: 'The connection was cut for a while, and the process has not said what it did meanwhile.',
      },
      canDecide: true,
    });
    hub.receive(SAID.taskCompleted());
    expect(hub.review('r1')).toMatchObject({ canDecide: false });
    expect(hub.review('r1')?.status.kind).not.toBe('unknown');
  });

  test('that was decided so near to its deadline that it may have been too late says so', () => {
    const hub = waitingEmbedded(2000);
    hub.wait(1900);
    hub.decide({ review: reviewKey(producerKey(SOURCE, 'self'), 'r1'), decision: 'CONTINUE' });
    expect(hub.review('r1')?.status).toEqual({ kind: 'sent' });
    hub.wait(300);
    hub.receive(SAID.taskCompleted());
    expect(hub.review('r1')?.status).toEqual({
      kind: 'unknown',
      why: 'The decision was sent, and nothing that the process said since proves what it did.',
    });
  });
});
