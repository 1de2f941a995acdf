import { describe, expect, test } from 'vitest';
import { envelope, type EventPlace, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { producerKey } from '../protocol/tab/keys.ts';

const RUN = { view: 'run', producer: producerKey(SOURCE, 'p') } as const;

function greeted(hello: Record<string, unknown> = {}): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hub_hello', ...hello });
  return hub;
}

function say(hub: HubDriver, sequence: number, message: unknown): void {
  sayAs(hub, { producerId: 'p', sequence }, message);
}

function sayAs(hub: HubDriver, place: EventPlace, message: unknown): void {
  hub.receive(envelope(place, message));
}

function gapsOf(hub: HubDriver): unknown[] {
  return Object.values(hub.view<'run'>(RUN).entities.gaps);
}

describe('a process that has begun again', () => {
  test('waits no longer for what it asked before, also when its first event comes late', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }] });
    say(hub, 1, SAID.runStarted());
    say(hub, 2, SAID.review('r1', { timeoutMs: 0 }));
    sayAs(hub, { producerId: 'p', sequence: 2, atMs: START_MS + 9_000 }, SAID.taskStarted());
    hub.wait(600);
    expect(hub.review('r1', 'p')?.status.kind).toBe('open');
    sayAs(hub, { producerId: 'p', sequence: 1, atMs: START_MS + 8_999 }, { type: 'profile_applied' });
    expect(hub.review('r1', 'p')?.status.kind).toBe('closed');
    expect(hub.producer('p')).toMatchObject({ state: 'running', openReviews: 0, runs: 2 });
  });
});

describe('who is there', () => {
  test('is who the greeting lists, until the relay names who has left', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }, { producerId: 'q' }] });
    hub.receive({ type: 'producer_left', producerId: 'q', leftAt: null, reason: 'disconnected' });
    expect([hub.producer('p')?.state, hub.producer('q')?.state]).toEqual(['idle', 'gone']);
    expect(hub.source()?.producers).toBe(2);
    expect(hub.state.producerCount).toBe(2);
  });

  test('is who has joined', () => {
    const hub = greeted();
    hub.receive({
      type: 'producer_joined',
      producer: { producerId: 'p' },
      joinedAt: new Date(START_MS - 5).toISOString(),
    });
    expect(hub.producer('p')).toMatchObject({ state: 'idle', lastSeenMs: START_MS - 5 });
  });

  test('is not who was there before a cut and is not listed after it', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }] });
    say(hub, 1, SAID.runStarted());
    hub.cut();
    expect(hub.producer('p')?.state).toBe('running');
    hub.connect();
    hub.receive({ type: 'hub_hello' });
    expect(hub.producer('p')?.state).toBe('gone');
  });

  test('is back with its run when it was away for a while', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }] });
    say(hub, 1, SAID.runStarted());
    hub.receive({ type: 'producer_left', producerId: 'p' });
    expect(hub.view<'run'>(RUN).head?.run?.state).toBe('lost-touch');
    hub.receive({ type: 'producer_joined', producer: { producerId: 'p' } });
    expect(hub.producer('p')?.state).toBe('running');
    expect(hub.view<'run'>(RUN).head?.run?.state).toBe('running');
  });

  test('of a producer that nobody knows is not asked', () => {
    const hub = greeted();
    hub.receive({ type: 'producer_left', producerId: 'nobody' });
    expect(hub.source()?.producers).toBe(0);
  });

  test('leaves the roster after half an hour of silence, unless it is connected or waits', () => {
    const hub = greeted({ producers: [{ producerId: 'connected' }] });
    sayAs(hub, { producerId: 'posting', sequence: 1 }, SAID.runStarted());
    sayAs(hub, { producerId: 'waiting', sequence: 1 }, SAID.review('r1', { timeoutMs: 0 }));
    hub.wait(32 * 60_000);
    expect(hub.producer('posting')).toBeUndefined();
    expect([hub.producer('connected')?.state, hub.producer('waiting')?.state]).toEqual(['idle', 'waiting for you']);
    expect(hub.state.producerCount).toBe(2);
    sayAs(hub, { producerId: 'posting', sequence: 2 }, SAID.taskStarted());
    hub.wait(500);
    expect(hub.producer('posting')?.state).toBe('running');
  });

  test('is bounded', () => {
    const hub = new HubDriver({ limits: { maxProducers: 2 } });
    hub.add();
    hub.receive({ type: 'hub_hello' });
    for (const id of ['a', 'b', 'c', 'd']) {
      hub.wait(1);
      sayAs(hub, { producerId: id, sequence: 1 }, SAID.runStarted());
    }
    expect(['a', 'b', 'c', 'd'].map((id) => hub.producer(id)?.state)).toEqual([
      undefined,
      undefined,
      'running',
      'running',
    ]);
  });
});

describe('the order of events', () => {
  test('is that of their numbers, and what is missing is said after half a second', () => {
    const hub = greeted();
    say(hub, 1, SAID.runStarted());
    say(hub, 3, SAID.taskCompleted());
    expect(hub.producer('p')).toMatchObject({ tasksFinished: 0, missing: 0 });
    hub.wait(500);
    expect(hub.producer('p')).toMatchObject({ tasksFinished: 1, missing: 1 });
    expect(gapsOf(hub)).toEqual([expect.objectContaining({ kind: 'missing', events: 1 })]);
  });

  test('is mended by an event that comes late', () => {
    const hub = greeted();
    say(hub, 1, SAID.runStarted());
    say(hub, 4, SAID.taskCompleted());
    hub.wait(500);
    expect(hub.producer('p')?.missing).toBe(2);
    say(hub, 2, SAID.taskStarted());
    expect(hub.producer('p')).toMatchObject({ missing: 1, tasksFinished: 1, state: 'running' });
    expect(gapsOf(hub)).toEqual([expect.objectContaining({ kind: 'missing', events: 1 })]);
    say(hub, 3, { type: 'profile_applied' });
    expect(hub.producer('p')?.missing).toBe(0);
    expect(gapsOf(hub)).toEqual([]);
    expect(Object.values(hub.view<'run'>(RUN).entities.tasks)).toHaveLength(1);
  });

  test('keeps the tokens that streamed when a run is reduced again', () => {
    const hub = greeted();
    say(hub, 1, SAID.runStarted());
    say(hub, 3, SAID.token('one '));
    hub.wait(500);
    say(hub, 4, SAID.token('two'));
    say(hub, 2, SAID.taskStarted());
    const { conversations } = hub.view<'conversation'>({ ...RUN, view: 'conversation' }).entities;
    expect(Object.values(conversations).map(({ streaming }) => streaming)).toEqual(['one two']);
  });

  test('says what was before our time as not seen, not as missing', () => {
    const hub = greeted();
    say(hub, 5, SAID.runStarted());
    hub.wait(500);
    expect(hub.producer('p')?.missing).toBe(0);
    expect(gapsOf(hub)).toEqual([expect.objectContaining({ kind: 'not-seen', events: 4 })]);
  });

  test('begins another run with another life, and the old one is lost', () => {
    const hub = greeted();
    say(hub, 1, SAID.runStarted());
    say(hub, 2, SAID.taskStarted());
    hub.receive(envelope({ producerId: 'p', sequence: 1, atMs: START_MS + 5000 }, SAID.taskStarted(1, 'Again')));
    expect(hub.producer('p')).toMatchObject({ runs: 2, state: 'running', detail: 'Again' });
    expect(hub.view<'run'>(RUN).head?.runs.map(({ state }) => state)).toEqual(['lost-touch', 'running']);
  });

  test('of a review that a restarted process asked for shows it as closed', () => {
    const hub = greeted();
    say(hub, 1, SAID.runStarted());
    say(hub, 2, SAID.taskStarted());
    say(hub, 3, SAID.review());
    hub.receive(envelope({ producerId: 'p', sequence: 1, atMs: START_MS + 5000 }, SAID.runStarted('e2')));
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'closed' });
    const [wait] = Object.values(hub.view<'run'>({ ...RUN, run: 'r1' }).entities.waits);
    expect(wait).toMatchObject({ isOpen: false, toMs: START_MS + 5000 });
  });
});

describe('a review that is asked for late', () => {
  test('before everything that is known of its process is shown, and can be decided', () => {
    const hub = greeted({ producers: [{ producerId: 'p' }] });
    say(hub, 2, SAID.taskStarted());
    hub.wait(600);
    say(hub, 1, SAID.review('r1', { timeoutMs: 0 }));
    expect(hub.review('r1', 'p')).toMatchObject({ status: { kind: 'open' }, canDecide: true });
    expect(hub.producer('p')).toMatchObject({ state: 'waiting for you', openReviews: 1 });
  });
});

describe('a greeting', () => {
  const trace = [SAID.runStarted(), SAID.taskStarted(), SAID.taskCompleted()].map((message, index) =>
    envelope({ producerId: 'p', sequence: 2 * index + 1 }, message),
  );
  const pair = {
    started: {
      type: 'llm_iteration_started',
      agentRole: 'Writer',
      taskDescription: 'Draft',
      iterationIndex: 0,
      messages: [],
    },
    completed: {
      type: 'llm_iteration_completed',
      agentRole: 'Writer',
      taskDescription: 'Draft',
      iterationIndex: 0,
      responseType: 'FINAL_ANSWER',
      responseText: 'Done',
      inputTokens: 3,
      outputTokens: 4,
      latencyMs: 2,
    },
  };

  test('has holes by nature, and none is declared', () => {
    const hub = greeted({ snapshotTrace: trace });
    expect(hub.producer('p')).toMatchObject({ tasksFinished: 1, missing: 0, serviceName: 'service of p' });
    expect(gapsOf(hub)).toEqual([]);
    expect(hub.state.eventsTotal).toBe(3);
  });

  test('that repeats itself changes nothing', () => {
    const hub = greeted({ snapshotTrace: trace });
    hub.cut();
    hub.connect();
    const { changes } = hub.receive({ type: 'hub_hello', snapshotTrace: trace });
    expect(changes.filter(({ kind }) => kind === 'run' || kind === 'entity')).toEqual([]);
    expect(hub.state.eventsTotal).toBe(3);
  });

  test('fills in the iterations of a run, whether or not it repeats them as messages', () => {
    const hub = greeted({ snapshotTrace: trace, iterationsByProducer: { p: [pair], nobody: [pair] } });
    const iterations = (): unknown[] =>
      Object.values(hub.view<'conversation'>({ ...RUN, view: 'conversation' }).entities.iterations);
    expect(iterations()).toEqual([expect.objectContaining({ state: 'completed', outputTokens: 4 })]);
    hub.receive({ type: 'hub_hello', iterationsByProducer: { p: [pair] } });
    expect(iterations()).toHaveLength(1);
  });

  test('loses what cannot be read of it, and nothing else', () => {
    const hub = greeted({ producers: [{ producerId: '' }, { producerId: 'p' }], snapshotTrace: [...trace, 7] });
    expect(hub.source()).toMatchObject({ unreadable: 2, producers: 1 });
    expect(hub.producer('p')?.tasksFinished).toBe(1);
  });

  test('tells old news as it was: a review was over before its deadline passed', () => {
    const before = SAID.review('r1', { timing: 'BEFORE_EXECUTION', taskOutput: '', timeoutMs: 5000 });
    const said = [SAID.runStarted(), before, SAID.taskCompleted()];
    const hub = new HubDriver({ startMs: START_MS + 60_000 });
    hub.add();
    const snapshotTrace = said.map((message, index) => envelope({ producerId: 'p', sequence: index + 1 }, message));
    hub.receive({ type: 'hub_hello', snapshotTrace });
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE' });
    const [wait] = Object.values(hub.view<'run'>(RUN).entities.waits);
    expect(wait).toMatchObject({ isOpen: false, toMs: START_MS + 15 });
  });

  test('keeps a review that waits, however little may be kept', () => {
    const hub = new HubDriver({ limits: { maxRuns: 1 } });
    hub.add();
    const said = [
      SAID.runStarted(),
      SAID.taskStarted(),
      SAID.review('r1', { timeoutMs: 0 }),
      SAID.runStarted('e2'),
      SAID.taskStarted(),
    ];
    const snapshotTrace = said.map((message, index) => envelope({ producerId: 'p', sequence: index + 1 }, message));
    hub.receive({ type: 'hub_hello', snapshotTrace: snapshotTrace.slice(0, 3) });
    expect(hub.review('r1', 'p')?.status).toEqual({ kind: 'open' });
  });
});
