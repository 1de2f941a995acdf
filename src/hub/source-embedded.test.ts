import { describe, expect, test } from 'vitest';
import { SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE } from '../../test/support/hub-driver.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { keepProducer } from './keep-producer.ts';

const RUN = { view: 'run', producer: producerKey(SOURCE, 'self') } as const;

function greeted(hello: Record<string, unknown> = {}): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hello', ...hello });
  return hub;
}

function reconnect(hub: HubDriver, hello: Record<string, unknown>): void {
  hub.cut();
  hub.wait(1000);
  hub.connect();
  hub.receive({ type: 'hello', ...hello });
}

function tool(toolName: string): Record<string, unknown> {
  return { type: 'tool_called', agentRole: 'Writer', taskIndex: 1, toolName, durationMs: 1, outcome: 'SUCCESS' };
}

function statesOf(hub: HubDriver): unknown[] {
  return hub.view<'run'>(RUN).head?.runs.map(({ state }) => state) ?? [];
}

function toolsOf(hub: HubDriver): unknown[] {
  const calls = Object.values(hub.view<'run'>(RUN).entities.toolMarks);
  return calls.sort((a, b) => a.order - b.order).map(({ toolName }) => toolName);
}

describe('an embedded dashboard', () => {
  test('is one producer, who is there from its greeting on', () => {
    const hub = greeted();
    expect(hub.source()).toMatchObject({ kind: 'embedded', producers: 1 });
    expect(hub.producer()).toMatchObject({ state: 'idle', detail: 'No run yet', lastSeenMs: hub.nowMs, missing: 0 });
    hub.receive(SAID.runStarted());
    hub.receive(SAID.taskStarted());
    expect(hub.producer()).toMatchObject({ state: 'running', detail: 'Draft' });
  });

  test('goes by the name of its source, for it says none of its own', () => {
    const hub = greeted();
    hub.receive(SAID.runStarted());
    hub.receive(SAID.review('r1'));
    hub.do({ kind: 'source-renamed', sourceId: SOURCE, label: 'Newsroom', nowMs: hub.nowMs });
    expect(hub.producer()?.serviceName).toBe('Newsroom');
    hub.receive(SAID.review('r2'));
    expect(hub.review('r2')?.serviceName).toBe('Newsroom');
  });

  test('tells its lives apart where a greeting lacks the first message of the newer one', () => {
    const hub = greeted();
    hub.receive(SAID.runStarted('e1'));
    const both = [SAID.runStarted('e2'), SAID.runStarted('e3')];
    reconnect(hub, { snapshotTrace: both });
    reconnect(hub, { snapshotTrace: both.slice(1) });
    const kept = keepProducer(hub.state, RUN.producer);
    expect(kept?.runs.map(({ ensembleId }) => ensembleId)).toEqual(['e1', 'e3']);
  });

  test('is heard of by its heartbeat', () => {
    const hub = greeted();
    hub.wait(15_000);
    hub.receive({ type: 'heartbeat', serverTimeMs: 0 });
    expect(hub.producer()?.lastSeenMs).toBe(hub.nowMs);
    hub.wait(15_000);
    hub.receive({ type: 'pong' });
    expect(hub.producer()?.lastSeenMs).toBe(hub.nowMs);
    expect(hub.producer()?.runs).toBe(0);
  });

  test('is gone while its socket is cut, and its run lost, until it greets again', () => {
    const hub = greeted();
    hub.receive(SAID.runStarted());
    hub.receive(SAID.taskStarted());
    hub.cut();
    expect(hub.producer()).toMatchObject({ state: 'gone', detail: '1 run kept' });
    expect(statesOf(hub)).toEqual(['lost-touch']);
    hub.connect();
    expect(hub.producer()?.state).toBe('gone');
    hub.receive({ type: 'hello', snapshotTrace: [SAID.runStarted(), SAID.taskStarted()] });
    expect(hub.producer()?.state).toBe('running');
    expect(statesOf(hub)).toEqual(['running']);
  });

  test('keeps messages of types that mean nothing here', () => {
    const hub = greeted();
    hub.receive({ type: 'profile_applied', profile: 'x' });
    expect(hub.producer()).toMatchObject({ runs: 1, unreadable: 0 });
    expect(hub.state.sources.get(SOURCE)?.unknown).toBe(1);
    expect(hub.state.sources.get(SOURCE)?.producers.get('self')?.unknown).toBe(1);
  });
});

describe('its greeting', () => {
  test('tells what was before, of which only the place is known', () => {
    const hub = greeted({
      snapshotTrace: [SAID.runStarted(), SAID.taskStarted(), tool('search'), SAID.taskCompleted()],
    });
    expect(hub.producer()).toMatchObject({ tasksFinished: 1, state: 'running' });
    expect(Object.values(hub.view<'run'>(RUN).entities.toolMarks)).toEqual([
      expect.objectContaining({ toolName: 'search', isEstimated: true }),
    ]);
    hub.receive(tool('live'));
    expect(Object.values(hub.view<'run'>(RUN).entities.toolMarks)).toEqual([
      expect.objectContaining({ toolName: 'search' }),
      expect.objectContaining({ toolName: 'live', isEstimated: false, atMs: hub.nowMs }),
    ]);
  });

  test('mends what a cut has missed, without saying anything twice', () => {
    const hub = greeted();
    for (const message of [SAID.runStarted(), SAID.taskStarted(), tool('one')]) hub.receive(message);
    const all = [SAID.runStarted(), SAID.taskStarted(), tool('one'), tool('two'), SAID.taskCompleted()];
    reconnect(hub, { snapshotTrace: all });
    expect(toolsOf(hub)).toEqual(['one', 'two']);
    expect(hub.producer()).toMatchObject({ runs: 1, tasksFinished: 1 });
    expect(hub.state.eventsTotal).toBe(5);
  });

  test('puts what it has differently in its own order, and keeps what it does not carry', () => {
    const hub = greeted();
    const said = [SAID.runStarted(), SAID.taskStarted(), tool('two'), SAID.token('streamed'), SAID.review()];
    for (const message of said) hub.receive(message);
    const all = [SAID.runStarted(), SAID.taskStarted(), tool('one'), tool('two'), SAID.taskCompleted()];
    reconnect(hub, { snapshotTrace: all });
    expect(toolsOf(hub)).toEqual(['one', 'two']);
    expect(hub.producer()).toMatchObject({ runs: 1, tasksFinished: 1, state: 'running' });
    expect(Object.values(hub.view<'run'>(RUN).entities.waits)).toHaveLength(1);
    expect(hub.review('r1')).toMatchObject({ run: 'r1', agentRole: 'Writer' });
    const { conversations } = hub.view<'conversation'>({ ...RUN, view: 'conversation' }).entities;
    expect(Object.values(conversations)).toHaveLength(1);
    reconnect(hub, { snapshotTrace: [...all, tool('three')] });
    expect(toolsOf(hub)).toEqual(['one', 'two', 'three']);
    hub.receive(SAID.runEnded());
    expect(hub.producer()?.state).toBe('done');
  });

  test('mends an older run in its place', () => {
    const hub = greeted();
    const first = [SAID.runStarted('e1'), SAID.taskStarted(), tool('one')];
    const second = [SAID.runStarted('e2'), SAID.taskStarted(), tool('three')];
    for (const message of [...first, ...second]) hub.receive(message);
    reconnect(hub, { snapshotTrace: [...first, tool('two'), SAID.runEnded('e1'), ...second, tool('four')] });
    expect(statesOf(hub)).toEqual(['ended', 'running']);
    expect(toolsOf(hub)).toEqual(['three', 'four']);
    const older = hub.view<'run'>({ ...RUN, run: 'r1' });
    expect(Object.values(older.entities.toolMarks).map(({ toolName }) => toolName)).toEqual(['one', 'two']);
    expect(hub.state.eventsTotal).toBe(9);
  });

  test('of another process leaves the run before as lost, and begins anew', () => {
    const hub = greeted();
    hub.receive(SAID.runStarted('e1'));
    hub.receive(SAID.taskStarted());
    hub.receive(SAID.review());
    reconnect(hub, { snapshotTrace: [SAID.runStarted('e2'), SAID.taskStarted()] });
    expect(statesOf(hub)).toEqual(['lost-touch', 'running']);
    expect(hub.producer()).toMatchObject({ runs: 2, state: 'running' });
    expect(hub.review('r1')).toMatchObject({ run: 'r1', canDecide: false });
    reconnect(hub, {});
    expect(statesOf(hub)).toEqual(['lost-touch', 'lost-touch']);
    expect(hub.producer()).toMatchObject({
      state: 'idle',
      detail: 'The process began again and has said nothing yet',
    });
  });

  test('fills in the iterations of its newest run, by their numbers', () => {
    const started = { type: 'llm_iteration_started', agentRole: 'Writer', taskDescription: 'Draft', messages: [] };
    const pair = (iterationIndex: number): unknown => ({ started: { ...started, iterationIndex } });
    const hub = greeted();
    for (const message of [SAID.runStarted(), SAID.taskStarted(), { ...started, iterationIndex: 0 }])
      hub.receive(message);
    const snapshotTrace = [SAID.runStarted(), SAID.taskStarted()];
    reconnect(hub, { snapshotTrace, recentIterations: [pair(0), pair(1)] });
    const iterations = Object.values(hub.view<'conversation'>({ ...RUN, view: 'conversation' }).entities.iterations);
    expect(iterations.map(({ iterationIndex }) => iterationIndex)).toEqual([0, 1]);
    reconnect(hub, { snapshotTrace: [], recentIterations: [pair(2)] });
    expect(Object.values(hub.view<'conversation'>({ ...RUN, view: 'conversation' }).entities.iterations)).toHaveLength(
      2,
    );
  });

  test('counts what cannot be read of it', () => {
    const hub = greeted({ snapshotTrace: [null, 7, {}, { type: 'task_started' }, SAID.runStarted()] });
    expect(hub.source()?.unreadable).toBe(4);
    expect(hub.producer()).toMatchObject({ unreadable: 1, state: 'running' });
  });

  test('does not bring back runs that were let go', () => {
    const hub = new HubDriver({ limits: { maxRuns: 2 } });
    hub.add();
    hub.receive({ type: 'hello' });
    const runs = ['e1', 'e2', 'e3'].map((id) => [SAID.runStarted(id), SAID.taskStarted(), SAID.runEnded(id)]);
    for (const message of runs.flat()) hub.receive(message);
    expect(hub.producer()?.runs).toBe(2);
    reconnect(hub, { snapshotTrace: runs.flat() });
    const view = hub.view<'run'>(RUN);
    expect([view.head?.ensembleId, hub.producer()?.runs]).toEqual(['e3', 2]);
    expect(hub.state.eventsTotal).toBe(9);
  });

  test('remembers the newest runs that are kept no longer, and not all there ever were', () => {
    const hub = greeted();
    for (let run = 1; run <= 1100; run += 1) {
      hub.receive({ ...SAID.runStarted(), ensembleId: `e${run}` });
      hub.receive(SAID.taskStarted());
    }
    const [kept] = keepProducer(hub.state, RUN.producer)?.producer.forgotten ?? [];
    expect(kept).toBe('e91');
  });
});
