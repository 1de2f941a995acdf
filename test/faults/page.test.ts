import { describe, expect, test } from 'vitest';
import { producerKey, reviewKey } from '../../src/protocol/tab/keys.ts';
import { canonicalAddress } from '../../src/protocol/wire/address.ts';
import type { LinkState } from '../../src/worker-hub/sources/link-state.ts';
import { mayOpenLink } from '../../src/worker-hub/may-open-link.ts';
import { nextLinkStep } from '../../src/worker-hub/sources/link-machine.ts';
import { envelope, SAID } from '../support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../support/hub-driver.ts';
import { drawHub } from '../support/hub-picture.ts';
import { asked, answered } from '../support/messages.ts';

const REVIEW = reviewKey(producerKey(SOURCE, 'p'), 'r1');

function greeted(hello: object = {}): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.do({ kind: 'named', by: 'me' });
  hub.receive({ type: 'hub_hello', ...hello });
  return hub;
}

/** A hub whose producer `p` waits for a person. */
function waiting(): HubDriver {
  const hub = greeted({ producers: [{ producerId: 'p' }] });
  const messages = [SAID.runStarted(), SAID.taskStarted(), SAID.review()];
  messages.forEach((message, index) => hub.receive(envelope({ producerId: 'p', sequence: index + 1 }, message)));
  return hub;
}

function relaySays(hub: HubDriver, state: string, more: object = {}): void {
  const at = new Date(START_MS + 500).toISOString();
  hub.receive({ type: 'review_state', producerId: 'p', reviewId: 'r1', state, at, ...more });
}

function addressOf(text: string): Parameters<typeof mayOpenLink>[0] {
  const address = canonicalAddress(text);
  if (!address.ok) throw new Error(`${text} is no address.`);
  return address.value;
}

/** A question that repeats all that was said before it. */
function askedOn(index: number): object {
  const messages = Array.from({ length: index + 1 }, (_, position) => ({ role: 'user', content: `Part ${position}` }));
  return asked(index, { messages });
}

describe('faults of the page that cannot happen here', () => {
  test('A7: a decision counts as sent when the relay says so, not when it was written', () => {
    const hub = waiting();
    relaySays(hub, 'open');
    hub.decide({ review: REVIEW, decision: 'CONTINUE' });
    expect(hub.review('r1', 'p')?.status).toMatchObject({ kind: 'sending' });
    relaySays(hub, 'held', { decision: 'CONTINUE', by: 'me' });
    expect(hub.review('r1', 'p')?.status).toMatchObject({ kind: 'held' });
    relaySays(hub, 'applied', { decision: 'CONTINUE', by: 'me' });
    expect(hub.review('r1', 'p')?.status).toMatchObject({ kind: 'applied' });
  });

  test('A7: a decision that a dead connection swallowed is written again on the next one', () => {
    const hub = waiting();
    relaySays(hub, 'open');
    hub.decide({ review: REVIEW, decision: 'CONTINUE' });
    hub.cut();
    hub.connect();
    hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
    relaySays(hub, 'open');
    const decisions = hub.writes.filter(({ text }) => text.includes('review_decision'));
    expect(decisions.length).toBeGreaterThanOrEqual(2);
    relaySays(hub, 'applied', { decision: 'CONTINUE', by: 'me' });
    expect(hub.review('r1', 'p')?.status).toMatchObject({ kind: 'applied' });
  });

  test('A9: at the deadline the page says what was announced, and sends nothing', () => {
    const hub = waiting();
    hub.wait(30_000);
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE' });
    expect(hub.writes).toEqual([]);
  });

  test('A15: a link to somewhere else does not connect', () => {
    const page = 'http://localhost:7400';
    expect(mayOpenLink(addressOf('ws://evil.example/ws'), page)).toBe(false);
    expect(mayOpenLink(addressOf('ws://localhost:7400/ws'), 'https://hosted.example')).toBe(false);
    expect(mayOpenLink(addressOf('ws://127.0.0.1:7329/ws'), page)).toBe(true);
    expect(mayOpenLink(addressOf('wss://hosted.example/ws'), 'https://hosted.example')).toBe(true);
  });

  test('A31: whoever reloads still sees who is gone', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }] });
    hub.receive({ type: 'producer_left', producerId: 'p', leftAt: null });
    const again = greeted({ producers: [{ producerId: 'p' }], snapshotTrace: [] });
    again.receive({ type: 'producer_left', producerId: 'p', leftAt: null });
    expect([hub.producer('p')?.state, again.producer('p')?.state]).toEqual(['gone', 'gone']);
  });

  test('A32: who joins late sees the conversation that a live page saw', () => {
    const pairs = [0, 1, 2].map((index) => ({ started: askedOn(index), completed: answered(index) }));
    const talk = pairs.flatMap(({ started, completed }) => [started, completed]);
    const messages = [SAID.runStarted(), SAID.taskStarted(1, 'Task 1'), ...talk];
    const live = greeted({ producers: [{ producerId: 'p' }] });
    const envelopes = messages.map((message, index) => envelope({ producerId: 'p', sequence: index + 1 }, message));
    for (const each of envelopes) live.receive(each);
    // A live-event hub keeps the iterations aside.
    const late = greeted({
      producers: [{ producerId: 'p', serviceName: 'service of p' }],
      snapshotTrace: envelopes.slice(0, 2),
      iterationsByProducer: { p: pairs },
    });
    const conversation = (hub: HubDriver) => {
      const view = hub.view<'conversation'>({ view: 'conversation', producer: producerKey(SOURCE, 'p') });
      return Object.values(view.entities.messages).map(({ role, content }) => [role, content?.text]);
    };
    expect(conversation(late)).toEqual(conversation(live));
    expect(conversation(live)).toHaveLength(3);
  });

  test('A35: what a hub passes on of a producer harms no other', () => {
    const hub = waiting();
    const before = drawHub(hub.state);
    for (const message of [null, 7, 'x', [], {}, { type: 7 }, { type: 'task_started' }]) {
      hub.receive(envelope({ producerId: 'bad', sequence: 1 }, message));
    }
    for (const producerId of ['__proto__', 'constructor', 'toString']) {
      hub.receive(envelope({ producerId, sequence: 1 }, SAID.runStarted()));
      expect(hub.producer(producerId)).toMatchObject({ producerId, state: 'running' });
    }
    expect(drawHub(hub.state).runs[Object.keys(before.runs)[0] ?? '']).toEqual(Object.values(before.runs)[0]);
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'open' });
  });

  test('A35: a greeting with bad members in it shows the good ones', () => {
    const good = envelope({ producerId: 'p', sequence: 1 }, SAID.runStarted());
    const hub = greeted({
      producers: [null, { producerId: '' }, { producerId: 'p' }, { producerId: '__proto__' }],
      snapshotTrace: [null, 7, { ...good, message: null, sequence: 2 }, good, { ...good, receivedAt: null }],
    });
    expect(hub.producer('p')?.state).toBe('running');
    expect(hub.producer('__proto__')?.state).toBe('idle');
    expect(hub.source()?.unreadable).toBe(6);
  });

  test('A41: pages that lost one relay do not come back in step', () => {
    const state: LinkState = { kind: 'opening', sinceMs: 0, attempt: 5 };
    const retryAtMs = [0.1, 0.5, 0.9].map((chance) => {
      const outside = { nowMs: 0, random: () => chance, place: 'localhost:7400', pageOrigin: 'http://localhost:7400' };
      const { state: next } = nextLinkStep(state, { kind: 'closed', code: 1006 }, outside);
      return next.kind === 'waiting' ? Math.round(next.retryAtMs) : undefined;
    });
    expect(retryAtMs).toEqual([1_600, 8_000, 14_400]);
  });
});
