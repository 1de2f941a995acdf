import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type HubDriver, SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import { drawHub, without } from '../../../test/support/hub-picture.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import { openDB } from 'idb';
import { openedKey } from '../../hub/history-state.ts';
import { CachedHub, openStores } from '../test-support/cached-hub.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { DATABASE_NAME } from './rostrum-database.ts';

const RECORDINGS = [
  'hub-viewer',
  'hub-viewer.late',
  'embedded-before-continue',
  'embedded-files',
  'embedded-hierarchical',
  'embedded-hierarchical.late',
  'embedded-pipeline',
  'embedded-review-exit',
  'embedded-review-short',
  'embedded-review',
  'embedded-sequential',
  'embedded-streaming',
  'embedded-tools',
];

/** What may differ, and why: that a producer spoke again reaches its line in the roster only once a second. */
const TOLD_LATER = ['lastSeenMs', 'sinceMs'];

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

function picture(hub: HubDriver): unknown {
  return without(drawHub(hub.state), TOLD_LATER);
}

async function startAt(nowMs: number): Promise<CachedHub> {
  const hub = new CachedHub({ startMs: nowMs });
  await hub.start();
  hub.cut();
  return hub;
}

describe('a hub that starts from the cache of an earlier one', () => {
  test.each(RECORDINGS)('shows what was there before, after %s', async (name) => {
    const frames = framesDown(name);
    const hub = await new CachedHub().start();
    hub.connect();
    const half = Math.ceil(frames.length / 2);
    for (const part of [frames.slice(0, half), frames.slice(half)]) {
      await hub.play(part);
      const cold = await startAt(hub.nowMs);
      expect(cold.notices).toEqual([]);
      const { state } = hub;
      hub.cut();
      expect(picture(cold)).toEqual(picture(hub));
      expect(cold.state.counts).toEqual(state.counts);
      hub.connect();
    }
    expect(hub.notices).toEqual([]);
  });
});

const PRODUCER = { producerId: 'svc', serviceName: 'news' };

/** One run of a producer, as a relay sends it: a start, a task, and its end. */
function* runFrames(name: string, from: number, minute: number): Generator<object> {
  const at = (second: number): string => new Date(START_MS + minute * 60_000 + second * 1000).toISOString();
  const messages = [
    { type: 'ensemble_started', ensembleId: name, startedAt: at(0), totalTasks: 1, workflow: 'SEQUENTIAL' },
    { type: 'task_started', taskIndex: 1, totalTasks: 1, taskDescription: name, agentRole: 'A', startedAt: at(1) },
    {
      type: 'task_completed',
      taskIndex: 1,
      totalTasks: 1,
      taskDescription: name,
      agentRole: 'A',
      completedAt: at(2),
      durationMs: 1000,
      tokenCount: -1,
      toolCallCount: 0,
    },
    {
      type: 'ensemble_completed',
      ensembleId: name,
      completedAt: at(3),
      durationMs: 3000,
      exitReason: 'COMPLETED',
      totalTokens: 1,
      totalToolCalls: 0,
    },
  ];
  for (const [index, message] of messages.entries()) {
    yield { type: 'event', producer: PRODUCER, sequence: from + index, receivedAt: at(index), message };
  }
}

/** A hub whose relay has said so many runs, each a minute after the other. */
async function withRuns(count: number, around?: (store: CacheStore) => CacheStore): Promise<CachedHub> {
  const hub = await new CachedHub().start([SOURCE], around);
  hub.connect();
  hub.receive({ type: 'hub_hello', producers: [PRODUCER], snapshotTrace: [] });
  for (let index = 0; index < count; index += 1) {
    hub.wait(60_000);
    hub.clock.advance(60_000);
    for (const frame of runFrames(`run-${index}`, index * 4 + 1, index)) hub.receive(frame);
    await hub.cache.flush();
  }
  return hub;
}

function titles(hub: CachedHub): string[] {
  return hub.history().map(({ title }) => title);
}

async function rawStore<T>(use: (database: Awaited<ReturnType<typeof openDB>>) => Promise<T>): Promise<T> {
  const database = await openDB(DATABASE_NAME);
  const result = await use(database);
  database.close();
  return result;
}

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

describe('a lower limit of iterations', () => {
  /** A hub that keeps a run which is over, with all that is kept of one. */
  async function withCompactRun(around?: (store: CacheStore) => CacheStore): Promise<CachedHub> {
    const hub = await new CachedHub().start([SOURCE], around);
    hub.connect();
    await hub.play(framesDown('embedded-tools'));
    hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
    await hub.cache.flush();
    return hub;
  }

  const storedRun = (): Promise<unknown> => rawStore(async (database) => (await database.getAll('runs'))[0]);

  async function answers(): Promise<number> {
    const chunks: { texts: string[] }[] = await rawStore((database) => database.getAll('events'));
    return chunks.flatMap(({ texts }) => texts).filter((text) => text.includes('"llm_iteration_completed"')).length;
  }

  test('holds for the runs that are kept already', async () => {
    const hub = await withCompactRun();
    const before = await answers();
    hub.cache.limit({ maxIterations: 1 });
    await vi.waitFor(async () => expect(await answers()).toBeLessThan(before));
    const [line] = hub.history();
    expect(await storedRun()).toMatchObject({ isCompact: true, bytes: line?.bytes });
  });

  test('is remembered for runs that the hub had not seen to when it ended', async () => {
    let isEnding = false;
    const hub = await withCompactRun((store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      async write(writes) {
        await store.write(writes);
        if (isEnding) hub.cache.stop();
      },
    }));
    expect(await storedRun()).toMatchObject({ isCompact: true });
    isEnding = true;
    hub.cache.limit({ maxIterations: 1 });
    await hub.cache.flush();
    expect(await storedRun()).toMatchObject({ isCompact: false });
  });
});

describe('trouble', () => {
  test('a damaged record costs itself, and how many there are is said', async () => {
    const hub = await withRuns(5);
    await rawStore(async (database) => {
      const keys = await database.getAllKeys('events');
      await database.put('events', { version: 1, texts: ['no json'] }, keys[1]);
      await database.put('events', 7, keys[2]);
      await database.put('runs', { version: 1 }, (await database.getAllKeys('runs'))[4]);
      await database.put('reviews', {}, [SOURCE, 'svc', 1, 18, 'x']);
    });
    const cold = await startAt(hub.nowMs);
    expect(cold.notices).toEqual([expect.stringMatching(/^4 records of the history could not be read/)]);
    expect(cold.view<'history'>({ view: 'history' }).head.damaged).toBe(4);
    expect(titles(cold)).toEqual(['run-0', 'run-1', 'run-2', 'run-3']);
    expect(cold.producer('svc')?.runs).toBe(3);
    cold.connect();
    cold.receive({
      type: 'hub_hello',
      producers: [PRODUCER],
      snapshotTrace: [0, 1, 2, 3, 4].flatMap((index) => [...runFrames(`run-${index}`, index * 4 + 1, index)]),
    });
    expect(cold.producer('svc')?.runs).toBe(5);
  });

  test('a full storage loses its oldest runs, and what was to be written is written', async () => {
    let isFull = false;
    const full = (store: CacheStore): CacheStore => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: async (writes: readonly CacheWrite[], isStrict) => {
        const hasPut = writes.some(({ kind }) => kind === 'put');
        if (isFull && hasPut) throw quotaError();
        isFull = false;
        await store.write(writes, isStrict);
      },
    });
    const hub = await withRuns(3, full);
    isFull = true;
    for (const frame of runFrames('run-3', 13, 3)) hub.receive(frame);
    await hub.cache.flush();
    expect(titles(hub)).toEqual(['run-1', 'run-2', 'run-3']);
    expect(hub.notices).toEqual([expect.stringContaining('the oldest run of the history had to go')]);
    expect(titles(await startAt(hub.nowMs))).toEqual(['run-1', 'run-2', 'run-3']);
  });

  test('a storage that stays full is given up, said, and the hub goes on', async () => {
    const hub = await withRuns(2, (store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: () => Promise.reject(quotaError()),
    }));
    expect(hub.notices).toEqual([expect.stringMatching(/is full\. What happens from now on/)]);
    expect(hub.view<'history'>({ view: 'history' }).head.storage).toBe('memory');
    expect(hub.producer('svc')?.runs).toBe(2);
  });

  test('a storage that fails otherwise is given up, and said', async () => {
    const hub = await withRuns(1, (store) => ({
      index: () => store.index(),
      read: (from, stretch) => store.read(from, stretch),
      write: () => Promise.reject(new DOMException('gone', 'InvalidStateError')),
    }));
    expect(hub.notices).toEqual([expect.stringContaining('InvalidStateError: gone')]);
  });
});

function quotaError(): DOMException {
  return new DOMException('full', 'QuotaExceededError');
}

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
