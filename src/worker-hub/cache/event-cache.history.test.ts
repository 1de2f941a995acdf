import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import { openedKey } from '../../hub/history-state.ts';
import { CachedHub, openStores, startAt } from '../test-support/cached-hub.ts';
import { PRODUCER, runFrames, titles, withRuns } from '../test-support/cached-runs.ts';
import { rawStore } from '../test-support/raw-store.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

describe('the history', () => {
  test('lists every run that is kept, with what it was and what it takes', async () => {
    const hub = await withRuns(2);
    expect(hub.history()).toEqual([
      expect.objectContaining({
        id: `${SOURCE} svc 1.1`,
        sourceId: SOURCE,
        sourceLabel: `at ${SOURCE}`,
        producerId: 'svc',
        serviceName: 'news',
        ensembleId: 'run-0',
        workflow: 'SEQUENTIAL',
        title: 'run-0',
        state: 'ended',
        exitReason: 'COMPLETED',
        startedAtMs: START_MS,
        durationMs: 3000,
        tasksFinished: 1,
        tasksTotal: 1,
        events: 4,
        isPinned: false,
      }),
      expect.objectContaining({ id: `${SOURCE} svc 1.5`, title: 'run-1' }),
    ]);
    const { head } = hub.view<'history'>({ view: 'history' });
    expect(head).toMatchObject({ storage: 'lasting', runs: 2, pinned: 0, limitBytes: 512 * 1024 * 1024, dropped: {} });
    expect(head.bytes).toBe(hub.history().reduce((sum, { bytes }) => sum + bytes, 0));
    expect(head.bytes).toBeGreaterThan(500);
  });

  test('keeps no more runs of a producer than its limit, and counts what went', async () => {
    const hub = await withRuns(12);
    expect(titles(hub)).toEqual(Array.from({ length: 10 }, (_, index) => `run-${index + 2}`));
    expect(hub.view<'history'>({ view: 'history' }).head.dropped).toEqual({ runs: 2 });
    const cold = await startAt(hub.nowMs);
    expect(titles(cold)).toEqual(titles(hub));
    expect(cold.view<'history'>({ view: 'history' }).head.dropped).toEqual({ runs: 2 });
    expect(await rawStore((database) => database.count('events'))).toBe(10);
  });

  test('keeps both parts of a run that a late event cuts in two', async () => {
    const hub = await withRuns(1);
    const at = (second: number): string => new Date(START_MS + 120_000 + second * 1000).toISOString();
    const say = (sequence: number, message: object): unknown =>
      hub.receive({ type: 'event', producer: PRODUCER, sequence, receivedAt: at(sequence), message });
    const start = { type: 'ensemble_started', startedAt: at(0), totalTasks: 1, workflow: 'SEQUENTIAL' };
    const task = { taskIndex: 1, totalTasks: 1, taskDescription: 'late', agentRole: 'A', startedAt: at(6) };
    say(5, { ...start, ensembleId: 'run-1' });
    say(7, { ...start, ensembleId: 'run-2' });
    say(8, { type: 'profile_applied' });
    hub.wait(600);
    await hub.cache.flush();
    hub.clock.advance(10_000);
    say(6, { type: 'task_started', ...task });
    await hub.cache.flush();
    expect(Object.fromEntries(hub.history().map(({ id, events }) => [id, events]))).toEqual({
      [`${SOURCE} svc 1.1`]: 4,
      [`${SOURCE} svc 1.5`]: 2,
      [`${SOURCE} svc 1.7`]: 2,
    });
    const records = await hub.cache.open(`${SOURCE} svc 1.7`);
    expect(records?.events.map(({ event }) => event.sequence)).toEqual([7, 8]);
    expect((await startAt(hub.nowMs)).producer('svc')?.runs).toBe(3);
  });

  test('lets the oldest go first of runs that a greeting told at once', async () => {
    const hub = await new CachedHub().start();
    hub.connect();
    const told = [0, 1, 2, 3, 4].flatMap((index) => [...runFrames(`run-${index}`, index * 4 + 1, index)]);
    hub.receive({ type: 'hub_hello', producers: [PRODUCER], snapshotTrace: told });
    await hub.cache.flush();
    hub.cache.limit({ maxRuns: 2 });
    await hub.cache.flush();
    expect(titles(hub).sort()).toEqual(['run-3', 'run-4']);
  });

  test('calls the runs behind one that was deleted by the numbers that they had', async () => {
    const hub = await withRuns(3);
    await hub.cache.delete([`${SOURCE} svc 1.5`]);
    await hub.cache.flush();
    const cold = await startAt(hub.nowMs);
    const heads = cold.view<'run'>({ view: 'run', producer: `${SOURCE} svc` }).head;
    expect(heads?.runs.map(({ id }) => id)).toEqual(['r1', 'r3']);
  });

  test('keeps more where the user raised the limit, and what is pinned', async () => {
    const hub = await withRuns(1);
    hub.cache.limit({ maxRuns: 2 });
    hub.cache.pin(`${SOURCE} svc 1.1`, true);
    for (let index = 1; index < 4; index += 1) {
      hub.clock.advance(60_000);
      for (const frame of runFrames(`run-${index}`, index * 4 + 1, index)) hub.receive(frame);
      await hub.cache.flush();
    }
    expect(titles(hub)).toEqual(['run-0', 'run-3']);
    const cold = await startAt(hub.nowMs);
    expect(cold.history().map(({ isPinned }) => isPinned)).toEqual([true, false]);
    expect(cold.view<'history'>({ view: 'history' }).head.pinned).toBe(1);
  });

  test('deletes a run for good, also one that is in the live roster', async () => {
    const hub = await withRuns(2);
    await hub.cache.delete([`${SOURCE} svc 1.1`, 'nothing']);
    for (const frame of runFrames('run-2', 9, 2)) hub.receive(frame);
    await hub.cache.flush();
    expect(titles(hub)).toEqual(['run-1', 'run-2']);
    expect(titles(await startAt(hub.nowMs))).toEqual(['run-1', 'run-2']);
  });

  test('keeps the runs of a source that was removed, and numbers its next life on when it comes back', async () => {
    const hub = await withRuns(1);
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    hub.add();
    hub.receive({ type: 'hub_hello', producers: [PRODUCER], snapshotTrace: [...runFrames('run-9', 1, 9)] });
    await hub.cache.flush();
    expect(hub.history().map(({ id, title, state }) => [id, title, state])).toEqual([
      [`${SOURCE} svc 1.1`, 'run-0', 'ended'],
      [`${SOURCE} svc 2.1`, 'run-9', 'ended'],
    ]);
    const cold = await startAt(hub.nowMs);
    expect(titles(cold)).toEqual(['run-0', 'run-9']);
    expect(cold.producer('svc')?.runs).toBe(1);
  });

  test('does not keep a run twice that a source tells again after it was away', async () => {
    const hub = await withRuns(1);
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    hub.add();
    hub.receive({ type: 'hub_hello', producers: [PRODUCER], snapshotTrace: [...runFrames('run-0', 1, 0)] });
    hub.clock.advance(10_000);
    await hub.cache.flush();
    expect(titles(hub)).toEqual(['run-0']);
  });

  test('opens a run as it was when it was live', async () => {
    const hub = await new CachedHub().start();
    hub.connect();
    await hub.play(framesDown('embedded-tools'));
    const live = drawRun(hub, `${SOURCE} self`, 'r1');
    const [line] = hub.history();
    expect(hub.cache.findLive(line?.id ?? '')).toEqual({ producer: `${SOURCE} self`, run: 'r1' });
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    await hub.cache.flush();
    expect(hub.cache.findLive(line?.id ?? '')).toBeUndefined();
    const records = await hub.cache.open(line?.id ?? '');
    if (records === undefined) throw new Error('not kept');
    hub.do({ kind: 'opened', records });
    expect(drawRun(hub, openedKey(line?.id ?? ''), `r${records.number}`)).toEqual(live);
    expect(await hub.cache.open('nothing')).toBeUndefined();
  });

  test('leaves tokens out of a run that is over, and keeps its newest iterations', async () => {
    const hub = await new CachedHub().start();
    hub.connect();
    await hub.play(framesDown('embedded-streaming'));
    await hub.cache.flush();
    const chunks = await rawStore((database) => database.getAll('events'));
    const texts = chunks.flatMap(({ texts: each }: { texts: string[] }) => each);
    expect(texts.filter((text) => text.includes('"llm_iteration_completed"')).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes('"type":"token"'))).toEqual([]);
  });
});

/** A run in all of its views, without the names under which it is shown. */
function drawRun(hub: CachedHub, producer: string, run: string): unknown {
  const request = { producer, run };
  const { head, entities } = hub.view<'run'>({ view: 'run', ...request });
  return structuredClone({
    title: head?.title,
    run: head?.run,
    ...entities,
    conversation: hub.view<'conversation'>({ view: 'conversation', ...request }).entities,
    tools: hub.view<'tools'>({ view: 'tools', ...request }).entities,
  });
}
