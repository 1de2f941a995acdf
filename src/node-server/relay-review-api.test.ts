import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { said } from './test-support/said.ts';
import { WatchedLog } from './test-support/watched-log.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json' };

describe('/api/reviews', { timeout: 20_000 }, () => {
  let clock: FakeClock;
  let watched: WatchedLog;
  let relay: Relay;
  let url: string;
  let publisher: FakePublisher;
  let viewer: FakeViewer;

  beforeEach(async () => {
    clock = new FakeClock(Date.now());
    watched = new WatchedLog();
    relay = createRelay({ port: 0, clock, log: watched.log, maxEditChars: 100, maxHeldDecisions: 2 });
    ({ url } = await relay.start());
    viewer = await FakeViewer.connect(url);
    publisher = new FakePublisher({ relayUrl: url, producerId: 'p1', serviceName: 'writer' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    publisher.say(said.taskStarted());
    publisher.say(said.reviewRequested({ prompt: 'Good?', requiredRole: 'editor' }));
    await viewer.until((seen) => seen.messagesOf('review_state').length === 1);
  });

  afterEach(() => relay.stop());

  async function list(): Promise<{ reviews: Record<string, unknown>[]; total: number }> {
    const response = await fetch(`${url}/api/reviews`);
    expect(response.status).toBe(200);
    return (await response.json()) as { reviews: Record<string, unknown>[]; total: number };
  }

  async function decide(reviewId: string, body: unknown, headers: Record<string, string> = JSON_HEADERS) {
    const response = await fetch(`${url}/api/reviews/${reviewId}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  }

  async function refusal(reviewId: string, body: unknown, headers?: Record<string, string>) {
    const answer = await decide(reviewId, body, headers);
    const error = answer.body['error'] as { code: string; message: string };
    expect(error.message).toMatch(/\.$/);
    return [answer.status, error.code];
  }

  async function announce(reviewId: string, more: object = {}): Promise<void> {
    publisher.say(said.reviewRequested({ reviewId, ...more }));
    await viewer.until((seen) => seen.messagesOf('review_state').some((state) => state['reviewId'] === reviewId));
  }

  test('lists what a process may still wait for, with all that a script needs to decide', async () => {
    const { reviews, total } = await list();
    expect(total).toBe(1);
    expect(reviews).toEqual([
      {
        reviewId: 'r1',
        producerId: 'p1',
        serviceName: 'writer',
        ensembleId: 'e1',
        taskDescription: 'Draft',
        taskOutput: 'text',
        timing: 'AFTER_EXECUTION',
        prompt: 'Good?',
        requiredRole: 'editor',
        timeoutMs: 60_000,
        onTimeout: 'CONTINUE',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        state: 'open',
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    const [{ createdAt, expiresAt } = {}] = reviews;
    expect(Date.parse(String(expiresAt)) - Date.parse(String(createdAt))).toBe(60_000);
  });

  test('leaves the end out of a review that waits without limit, and settled reviews out of the list', async () => {
    await announce('r2', { timeoutMs: 0 });
    publisher.say(said.reviewRequested({ reviewId: 'r3', timeoutMs: 1000, taskDescription: 'Other' }));
    await viewer.until((seen) => seen.messagesOf('review_state').length === 3);
    clock.advance(10_000);
    const { reviews, total } = await list();
    expect(reviews.map(({ reviewId }) => reviewId)).toEqual(['r1', 'r2']);
    expect([total, 'expiresAt' in (reviews[1] ?? {})]).toEqual([2, false]);
  });

  test('takes a decision as a viewer’s: it reaches the process, and every viewer sees who decided', async () => {
    const { status, body } = await decide('r1', { decision: 'edit', revisedOutput: 'better', by: ' Ada ' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ producerId: 'p1', reviewId: 'r1', state: 'sent', decision: 'EDIT', by: 'Ada' });
    expect(body).toHaveProperty('expiresAt');
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(JSON.parse(publisher.decisions[0]?.decisionJson ?? '')).toEqual({
      type: 'review_decision',
      reviewId: 'r1',
      decision: 'EDIT',
      revisedOutput: 'better',
    });
    await viewer.until((seen) => seen.messagesOf('review_state').at(-1)?.['state'] === 'sent');
    expect(viewer.messagesOf('review_state').at(-1)).toMatchObject({ decision: 'EDIT', by: 'Ada' });
    expect((await list()).reviews).toMatchObject([{ state: 'sent', decision: 'EDIT', by: 'Ada' }]);
  });

  test('says that a decision is held while its process is away, and who decided without a name', async () => {
    publisher.drop();
    await watched.until('of a publisher ended');
    expect((await decide('r1', { decision: 'CONTINUE' })).body).toMatchObject({ state: 'held', by: 'api' });
    await publisher.connect();
    await publisher.until(({ decisions }) => decisions.length === 1);
  });

  test('takes an id of any characters, encoded', async () => {
    await announce('a/b ü?#');
    const { status, body } = await decide(encodeURIComponent('a/b ü?#'), { decision: 'approve' });
    expect([status, body['decision']]).toEqual([200, 'CONTINUE']);
    expect(await refusal('%E0%A4', { decision: 'CONTINUE' })).toEqual([400, 'malformed']);
  });

  test.each([
    ['an unknown review', 404, 'unknown_review', { reviewId: 'nobody', body: { decision: 'CONTINUE' } }],
    ['a word that is no decision', 400, 'invalid_decision', { body: { decision: 'LGTM' } }],
    ['a missing decision', 400, 'invalid_message', { body: {} }],
    ['a revised output that is no text', 400, 'invalid_message', { body: { decision: 'EDIT', revisedOutput: 7 } }],
    ['an edit that is too long', 413, 'too_large', { body: { decision: 'EDIT', revisedOutput: 'x'.repeat(101) } }],
    ['no JSON', 400, 'not_json', { body: 'CONTINUE' }],
    ['no object', 400, 'not_a_message', { body: '"CONTINUE"' }],
    ['JSON that is too deep', 400, 'too_deep', { body: `{"decision":${'['.repeat(70)}${']'.repeat(70)}}` }],
    ['too many values', 413, 'too_large', { body: `{"x":[${'0,'.repeat(100_001)}0]}` }],
  ] as const)('refuses %s with %d %s, and passes nothing on', async (...[, status, code, posted]) => {
    const { reviewId = 'r1', body } = posted as { reviewId?: string; body: unknown };
    expect(await refusal(reviewId, body)).toEqual([status, code]);
    expect((await list()).reviews).toMatchObject([{ reviewId: 'r1', state: 'open' }]);
    expect(publisher.decisions).toEqual([]);
  });

  test('lets the first decision win, whichever way it came', async () => {
    viewer.decide('r1', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(await refusal('r1', { decision: 'EXIT_EARLY' })).toEqual([409, 'already_decided']);
    expect(publisher.decisions).toHaveLength(1);
  });

  test('says that it is too late once the process waits no longer', async () => {
    clock.advance(61_000);
    expect(await refusal('r1', { decision: 'CONTINUE' })).toEqual([410, 'too_late']);
  });

  test('takes no more decisions than may be on their way, and says when to try again', async () => {
    await announce('r2');
    await announce('r3');
    await decide('r1', { decision: 'CONTINUE' });
    await decide('r2', { decision: 'CONTINUE' });
    const third = await decide('r3', { decision: 'CONTINUE' });
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5']);
    expect(third.body).toMatchObject({ error: { code: 'too_many_held' } });
  });

  test('is closed to what any page may send without asking, and to pages of other origins', async () => {
    expect(await refusal('r1', '{"decision":"CONTINUE"}', { 'Content-Type': 'text/plain' })).toEqual([
      415,
      'not_json_type',
    ]);
    const evil = { ...JSON_HEADERS, Origin: 'https://evil.example' };
    expect(await refusal('r1', { decision: 'CONTINUE' }, evil)).toEqual([403, 'origin_not_allowed']);
    expect((await fetch(`${url}/api/reviews`, { headers: { Origin: 'null' } })).status).toBe(403);
    expect(publisher.decisions).toEqual([]);
  });

  test('says which methods an address takes', async () => {
    const read = await fetch(`${url}/api/reviews/r1`);
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
    const post = await fetch(`${url}/api/reviews`, { method: 'POST', headers: JSON_HEADERS, body: '{}' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(`${url}/api/reviews/`)).status).toBe(404);
  });
});
