import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE } from '../../test/support/hub-driver.ts';
import { NOTICE_MAX_CHARS } from './hub-notices.ts';
import { hubReducer, nextDeadlineMs } from './hub-reducer.ts';
import { SWEEP_INTERVAL_MS } from '../protocol/wire/limits.ts';

describe('a source', () => {
  test('is there from when it is added, in order', () => {
    const hub = new HubDriver();
    hub.add('ws://one:1/ws');
    hub.add('ws://two:1/ws');
    hub.do({ kind: 'source-added', sourceId: 'ws://one:1/ws', url: 'x', label: 'again', nowMs: hub.nowMs });
    expect(hub.source('ws://one:1/ws')).toEqual({
      id: 'ws://one:1/ws',
      order: 1,
      label: 'at ws://one:1/ws',
      url: 'ws://one:1/ws',
      kind: 'unknown',
      state: { kind: 'connected', sinceMs: hub.nowMs },
      producers: 0,
      unreadable: 0,
      reviewsAtRisk: 0,
    });
    expect(hub.source('ws://two:1/ws')?.order).toBe(2);
  });

  test('is connecting before anything is said of it', () => {
    const hub = new HubDriver();
    hub.do({ kind: 'source-added', sourceId: SOURCE, url: SOURCE, label: 'x', nowMs: 5 });
    expect(hub.source()?.state).toEqual({ kind: 'connecting', sinceMs: 5, attempt: 1 });
  });

  test('shows what it is in its first frame', () => {
    const hub = new HubDriver();
    hub.add('ws://one:1/ws');
    hub.add('ws://two:1/ws');
    hub.add('demo:', 'demo');
    hub.receive({ type: 'hello' }, 'ws://one:1/ws');
    hub.receive({ type: 'hub_hello' }, 'ws://two:1/ws');
    hub.receive({ type: 'hello' }, 'demo:');
    expect(['ws://one:1/ws', 'ws://two:1/ws', 'demo:'].map((id) => hub.source(id)?.kind)).toEqual([
      'embedded',
      'hub',
      'demo',
    ]);
  });

  test('that is another kind of server than before has none of its producers', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    hub.cut();
    hub.connect();
    hub.receive({ type: 'hello' });
    expect(hub.source()).toMatchObject({ kind: 'embedded', producers: 1 });
    expect([hub.producer('p'), hub.producer()?.state]).toEqual([undefined, 'idle']);
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    expect([hub.producer('p')?.state, hub.producer()]).toEqual(['idle', undefined]);
  });

  test('has another name when the user says so', () => {
    const hub = new HubDriver();
    hub.add();
    hub.do({ kind: 'source-renamed', sourceId: SOURCE, label: 'Newsroom', nowMs: hub.nowMs });
    expect(hub.source()?.label).toBe('Newsroom');
  });

  test('takes everything of it along when it goes', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    hub.receive(envelope({ producerId: 'p', sequence: 1 }, SAID.review('r1')));
    expect(hub.view<'attention'>({ view: 'attention' }).head.openReviews).toBe(1);
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    expect(hub.source()).toBeUndefined();
    expect(hub.producer('p')).toBeUndefined();
    expect(hub.review('r1', 'p')).toBeUndefined();
    expect(hub.view<'attention'>({ view: 'attention' }).head.openReviews).toBe(0);
    expect(hub.view<'roster'>({ view: 'roster' }).head.counts['waiting for you']).toBe(0);
    expect(hub.state.producerCount).toBe(0);
  });

  test('that is not there changes nothing, whatever is said of it', () => {
    const hub = new HubDriver();
    const outputs = [hub.receive({ type: 'hello' }), hub.cut(), hub.receive('{'), hub.connect()];
    expect(outputs).toEqual(outputs.map(() => ({ changes: [], writes: [], logged: [] })));
  });
});

describe('frames', () => {
  test('that cannot be read are counted', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive('not JSON');
    expect(hub.source()?.unreadable).toBe(1);
  });

  test('before the greeting have no meaning yet', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive(SAID.runStarted());
    hub.receive(envelope({ producerId: 'p', sequence: 1 }, SAID.runStarted()));
    expect(hub.source()).toMatchObject({ kind: 'unknown', unreadable: 2, producers: 0 });
  });

  test.each([
    ['hub', { type: 'hub_hello' }, [SAID.runStarted(), SAID.token('x')]],
    [
      'embedded',
      { type: 'hello' },
      [
        envelope({ producerId: 'p', sequence: 1 }, SAID.runStarted()),
        { type: 'producer_joined', producer: { producerId: 'p' } },
        { type: 'producer_left', producerId: 'p' },
        { type: 'review_state', producerId: 'p', reviewId: 'r', state: 'open', at: '2026-01-01T00:00:00Z' },
      ],
    ],
  ])('of the other kind are counted at a source that is %s', (_, greeting, frames) => {
    const hub = new HubDriver();
    hub.add();
    hub.receive(greeting);
    for (const frame of frames) hub.receive(frame);
    expect(hub.source()?.unreadable).toBe(frames.length);
    expect(hub.state.eventsTotal).toBe(0);
  });

  test('of unknown types are counted apart', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    hub.receive({ type: 'of_a_later_version' });
    hub.receive({ type: 'heartbeat', serverTimeMs: 1 });
    hub.receive({ type: 'pong' });
    expect(hub.source()?.unreadable).toBe(0);
    expect(hub.state.sources.get(SOURCE)?.unknown).toBe(1);
  });

  test('of an error are told as they are, once, and never at length', () => {
    const hub = new HubDriver();
    hub.add();
    hub.receive({ type: 'hub_hello' });
    const message = `Too many bad frames. ${'x'.repeat(1000)}`;
    for (let times = 0; times < 2; times += 1) hub.receive({ type: 'error', code: 'too_many_errors', message });
    const { notices } = hub.view<'attention'>({ view: 'attention' }).head;
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({ id: 'n1', atMs: hub.nowMs });
    expect(notices[0]?.text.startsWith(`at ${SOURCE} says: Too many bad frames.`)).toBe(true);
    expect(notices[0]?.text).toHaveLength(NOTICE_MAX_CHARS);
  });
});

describe('the hub itself', () => {
  test('tells the newest of what it has to say', () => {
    const hub = new HubDriver();
    for (let n = 1; n <= 25; n += 1) hub.do({ kind: 'notice', text: `notice ${n}`, nowMs: n });
    const { notices } = hub.view<'attention'>({ view: 'attention' }).head;
    expect(notices.map(({ id, atMs, text }) => [id, atMs, text])).toEqual(
      Array.from({ length: 20 }, (_, index) => [`n${index + 6}`, index + 6, `notice ${index + 6}`]),
    );
  });

  test('is ready when the remembered sources are loaded', () => {
    const hub = new HubDriver();
    expect(hub.view<'attention'>({ view: 'attention' }).head.ready).toBe(false);
    hub.do({ kind: 'ready' });
    expect(hub.view<'attention'>({ view: 'attention' }).head.ready).toBe(true);
  });

  test('wants to be woken for what is due next, and for nothing where there is nothing', () => {
    const hub = new HubDriver();
    expect(nextDeadlineMs(hub.state)).toBeUndefined();
    hub.add();
    expect(nextDeadlineMs(hub.state)).toBe(hub.nowMs + SWEEP_INTERVAL_MS);
    hub.receive({ type: 'hub_hello' });
    hub.receive(envelope({ producerId: 'p', sequence: 1 }, SAID.review('r1')));
    expect(nextDeadlineMs(hub.state)).toBe(hub.nowMs + 20_001);
    hub.receive(envelope({ producerId: 'p', sequence: 3 }, SAID.runStarted()));
    expect(nextDeadlineMs(hub.state)).toBe(hub.nowMs + 500);
    hub.wait(SWEEP_INTERVAL_MS);
    expect(nextDeadlineMs(hub.state)).toBe(hub.nowMs + SWEEP_INTERVAL_MS);
  });

  test('answers a decision, and nothing else', () => {
    const hub = new HubDriver();
    expect(hubReducer(hub.state, { kind: 'tick', nowMs: 1 })).toEqual({ changes: [], writes: [], logged: [] });
    expect(hub.decide({ review: 'none', decision: 'CONTINUE' }).decided?.ok).toBe(false);
  });
});
