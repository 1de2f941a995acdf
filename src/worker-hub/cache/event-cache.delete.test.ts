import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import { framesDown } from '../../../test/support/recordings.ts';
import { CachedHub, openStores } from '../test-support/cached-hub.ts';
import { DATABASE_NAME } from './rostrum-database.ts';

const PRODUCER = { producerId: 'svc', serviceName: 'news' };
const ITERATION = {
  type: 'llm_iteration_started',
  iterationIndex: 0,
  agentRole: 'A',
  taskDescription: 'run-1',
  messages: [{ role: 'user', content: 'Said in run 1' }],
};

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
});

/** The run with this number, in envelopes; one that is over has an end. */
function frames(run: number, isOver = true): object[] {
  const at = (second: number): string => new Date(START_MS + run * 60_000 + second * 1000).toISOString();
  const task = { taskIndex: 1, totalTasks: 1, taskDescription: `run-${run}`, agentRole: 'A' };
  const messages = [
    { type: 'ensemble_started', ensembleId: `run-${run}`, startedAt: at(0), totalTasks: 1, workflow: 'SEQUENTIAL' },
    { type: 'task_started', ...task, startedAt: at(1) },
    { type: 'task_completed', ...task, completedAt: at(2), durationMs: 1000, tokenCount: -1, toolCallCount: 0 },
    {
      type: 'ensemble_completed',
      ensembleId: `run-${run}`,
      completedAt: at(3),
      durationMs: 3000,
      exitReason: 'COMPLETED',
      totalTokens: 1,
      totalToolCalls: 0,
    },
  ];
  return messages.slice(0, isOver ? 4 : 2).map((message, index) => ({
    type: 'event',
    producer: PRODUCER,
    sequence: run * 4 + index + 1,
    receivedAt: at(index),
    message,
  }));
}

function hello(snapshotTrace: readonly object[], more: object = {}): object {
  return { type: 'hub_hello', producers: [PRODUCER], snapshotTrace, ...more };
}

/** A hub whose relay greets with so many runs, the last one still open if that is said. */
async function withRuns(count: number, isLastOver = true): Promise<CachedHub> {
  const hub = await new CachedHub().start();
  hub.connect();
  hub.receive(hello(Array.from({ length: count }, (_, run) => frames(run, isLastOver || run < count - 1)).flat()));
  await hub.cache.flush();
  return hub;
}

async function restart(before: CachedHub): Promise<CachedHub> {
  await before.cache.flush();
  before.cut();
  const hub = await new CachedHub({ startMs: before.nowMs }).start();
  hub.connect();
  return hub;
}

const idOf = (run: number): string => `${SOURCE} svc 1.${run * 4 + 1}`;

function kept(hub: CachedHub): string[] {
  return hub.history().map(({ title }) => title);
}

function live(hub: CachedHub, producer = `${SOURCE} svc`): (string | undefined)[] {
  const { head } = hub.view<'run'>({ view: 'run', producer });
  return (head?.runs ?? []).map(({ id }) => hub.view<'run'>({ view: 'run', producer, run: id }).head?.title);
}

describe('deleting a run', () => {
  test('leaves one alone that its process may still add to', async () => {
    const hub = await withRuns(2, false);
    expect(hub.history().map(({ isOpen }) => isOpen)).toEqual([false, true]);
    await hub.cache.delete([idOf(1)]);
    expect([kept(hub), live(hub)]).toEqual([
      ['run-0', 'run-1'],
      ['run-0', 'run-1'],
    ]);
  });

  test.each([0, 1])('takes run %d out of the live view as well, and no greeting brings it back', async (run) => {
    const hub = await withRuns(2);
    await hub.cache.delete([idOf(run)]);
    const left = [`run-${1 - run}`];
    expect([kept(hub), live(hub)]).toEqual([left, left]);
    hub.cut();
    hub.connect();
    hub.receive(hello([...frames(0), ...frames(1)]));
    await hub.cache.flush();
    expect([kept(hub), live(hub)]).toEqual([left, left]);
    const next = await restart(hub);
    next.receive(hello([...frames(0), ...frames(1)]));
    for (const frame of frames(2)) next.receive(frame);
    next.wait(1000);
    await next.cache.flush();
    expect([kept(next), live(next)]).toEqual([
      [...left, 'run-2'],
      [...left, 'run-2'],
    ]);
    expect(next.producer('svc')?.missing).toBe(0);
  });

  test('gives the iterations that a greeting repeats of it to no other run', async () => {
    const hub = await withRuns(2);
    await hub.cache.delete([idOf(1)]);
    const next = await restart(hub);
    next.receive(hello([...frames(0), ...frames(1)], { iterationsByProducer: { svc: [{ started: ITERATION }] } }));
    const { entities } = next.view<'conversation'>({ view: 'conversation', producer: `${SOURCE} svc` });
    expect(Object.keys(entities.iterations)).toEqual([]);
  });

  test('gives them to no other run of an embedded dashboard either', async () => {
    const snapshotTrace = [...frames(0), ...frames(1)].map((frame) => Reflect.get(frame, 'message'));
    const hub = await new CachedHub().start();
    hub.connect();
    hub.receive({ type: 'hello', snapshotTrace });
    await hub.cache.flush();
    expect(kept(hub)).toEqual(['run-0', 'run-1']);
    await hub.cache.delete([`${SOURCE} self 1.5`]);
    const next = await restart(hub);
    next.receive({ type: 'hello', snapshotTrace, recentIterations: [{ started: ITERATION }] });
    const { entities } = next.view<'conversation'>({ view: 'conversation', producer: `${SOURCE} self` });
    expect([live(next, `${SOURCE} self`), Object.keys(entities.iterations)]).toEqual([['run-0'], []]);
  });

  test('of an embedded dashboard is not undone by its next greeting, in this hub or the next', async () => {
    const recorded = framesDown('embedded-tools');
    const hub = await new CachedHub().start();
    hub.connect();
    await hub.play(recorded);
    const [line] = hub.history();
    await hub.cache.delete([line?.id ?? '']);
    const messages = recorded.map(({ frame }) => frame).filter((frame) => !isHello(frame));
    const next = await restart(hub);
    next.receive({ type: 'hello', snapshotTrace: messages });
    await next.cache.flush();
    expect([kept(next), live(next, `${SOURCE} self`)]).toEqual([[], []]);
  });

  test('keeps what still comes of it out of the run before it', async () => {
    const hub = await withRuns(2);
    const [before] = hub.history();
    await hub.cache.delete([idOf(1)]);
    const message = { type: 'file_changed', agentRole: 'A', filePath: 'a', changeType: 'CREATED' };
    hub.receive({ type: 'event', producer: PRODUCER, sequence: 9, receivedAt: '2026-01-01T00:02:00Z', message });
    await hub.cache.flush();
    expect(hub.history().map(({ id, bytes }) => [id, bytes])).toEqual([[before?.id, before?.bytes]]);
  });

  test('is possible once nobody can add to it: its source was removed while no hub was there, or nothing is known of its producer', async () => {
    const hub = await withRuns(1, false);
    hub.cut();
    const without = await new CachedHub().start([]);
    expect(without.history()).toEqual([expect.objectContaining({ isOpen: false, state: 'lost-touch' })]);
    const raw = await openDB(DATABASE_NAME);
    await raw.clear('producers');
    raw.close();
    const next = await new CachedHub().start();
    await next.cache.delete([idOf(0)]);
    expect(next.history()).toEqual([]);
  });
});

function isHello(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && Reflect.get(frame, 'type') === 'hello';
}

/** A hub that is about to read the first of two runs to leave out of it what is not kept of one that is over. */
async function whileCompacting(): Promise<{ readonly hub: CachedHub; readonly goOn: () => Promise<void> }> {
  let letRead = (): void => undefined;
  let isReading = false;
  const gate = new Promise<void>((resolve) => {
    letRead = resolve;
  });
  const hub = await new CachedHub().start([SOURCE], (store) => ({
    index: () => store.index(),
    write: (writes, isStrict) => store.write(writes, isStrict),
    async read(from, stretch) {
      isReading = true;
      await gate;
      return store.read(from, stretch);
    },
  }));
  hub.connect();
  hub.receive(hello([...frames(0), ...frames(1, false)]));
  const flushed = hub.cache.flush();
  await vi.waitFor(() => expect(isReading).toBe(true));
  return {
    hub,
    goOn: async () => {
      letRead();
      await flushed;
      await hub.cache.flush();
    },
  };
}

describe('while a run that is over is written without what is not kept of it', () => {
  test('it can be deleted', async () => {
    const { hub, goOn } = await whileCompacting();
    const deleted = hub.cache.delete([idOf(0)]);
    await goOn();
    await deleted;
    expect(kept(hub)).toEqual(['run-1']);
    expect(kept(await restart(hub))).toEqual(['run-1']);
  });

  test('it can be pinned', async () => {
    const { hub, goOn } = await whileCompacting();
    hub.cache.pin(idOf(0), true);
    await goOn();
    expect(hub.history().map(({ isPinned }) => isPinned)).toEqual([true, false]);
    hub.cache.limit({ maxRuns: 1 });
    await hub.cache.flush();
    expect(kept(hub)).toEqual(['run-0', 'run-1']);
  });
});

test('what is written of a pin is the run as it is by then', async () => {
  const hub = await withRuns(2, false);
  for (const frame of frames(1).slice(2)) hub.receive(frame);
  const flushed = hub.cache.flush();
  hub.cache.pin(idOf(1), true);
  await flushed;
  await hub.cache.flush();
  const database = await openDB(DATABASE_NAME);
  const stored: { title: string; state: string; isPinned: boolean }[] = await database.getAll('runs');
  database.close();
  expect(stored.find(({ title }) => title === 'run-1')).toMatchObject({ state: 'ended', isPinned: true });
});
