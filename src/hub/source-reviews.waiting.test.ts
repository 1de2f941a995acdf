import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { KEY, say, waiting } from '../../test/support/waiting-producer.ts';
import { BODY_PREVIEW_CHARS } from '../protocol/tab/body.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { readHubBody } from './read-hub-body.ts';

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
