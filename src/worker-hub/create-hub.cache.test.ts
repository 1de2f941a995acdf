import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { producerKey, reviewKey } from '../protocol/tab/keys.ts';
import { openIdbSettingsStore } from './settings/idb-settings-store.ts';
import { FakeLocks } from './test-support/fake-locks.ts';
import type { FakeTab } from './test-support/fake-tab.ts';
import { TestHub } from './test-support/test-hub.ts';

const SOURCE_ID = 'ws://localhost:7400/ws';
const SELF = { producerId: 'svc', serviceName: 'news' };
const HELLO = { type: 'hub_hello', producers: [SELF], snapshotTrace: [] };
const REVIEW = {
  type: 'review_requested',
  reviewId: 'v1',
  taskDescription: 'Write',
  taskOutput: 'Draft',
  timing: 'AFTER_EXECUTION',
  timeoutMs: 0,
  onTimeout: 'CONTINUE',
};
const MESSAGES = [
  {
    type: 'ensemble_started',
    ensembleId: 'e',
    startedAt: '2026-01-01T00:00:00Z',
    totalTasks: 1,
    workflow: 'SEQUENTIAL',
  },
  {
    type: 'task_started',
    taskIndex: 1,
    totalTasks: 1,
    taskDescription: 'Write',
    agentRole: 'Writer',
    startedAt: '2026-01-01T00:00:01Z',
  },
  REVIEW,
];

const hubs: TestHub[] = [];
/** One browser: the next hub gets its lock when the one before it has let go. */
let locks = new FakeLocks();

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  locks = new FakeLocks();
});

afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
});

function startHub(): TestHub {
  const hub = new TestHub({ locks, openStore: openIdbSettingsStore });
  hubs.push(hub);
  return hub;
}

function envelope(message: object, index: number): object {
  return { type: 'event', producer: SELF, sequence: index + 1, receivedAt: `2026-01-01T00:00:0${index}Z`, message };
}

/** A tab that sees the roster as 1 and the inbox as 2. */
async function look(hub: TestHub): Promise<FakeTab> {
  const tab = await hub.openTab();
  await tab.open(1, { view: 'roster' });
  await tab.open(2, { view: 'reviews' });
  return tab;
}

function roster(tab: FakeTab): string[] {
  return Object.values(tab.view<'roster'>(1)?.entities.producers ?? {}).map(
    ({ state, detail }) => `${state}: ${detail}`,
  );
}

/** Lets time pass until something is so. */
async function when(hub: TestHub, isSo: () => boolean): Promise<void> {
  while (!isSo()) await hub.pass(50);
}

/** A hub whose relay said all of it, and that a decision was made on while the relay was away. */
async function live(): Promise<TestHub> {
  const hub = startHub();
  const tab = await look(hub);
  await tab.hub.addSource('localhost:7400');
  await when(hub, () => hub.sockets.opened.length > 0);
  hub.sockets.last.accept();
  hub.sockets.last.say(HELLO);
  MESSAGES.forEach((message, index) => hub.sockets.last.say(envelope(message, index)));
  await hub.pass(300);
  expect(roster(tab)).toEqual(['waiting for you: Review: Write']);
  hub.sockets.last.drop();
  const review = reviewKey(producerKey(SOURCE_ID, 'svc'), 'v1');
  expect(await tab.hub.decide({ review, decision: 'CONTINUE' })).toEqual({ ok: true, value: { sent: true } });
  return hub;
}

it('shows offline, after a restart, what was there before, and writes the decision that it held', async () => {
  const first = await live();
  first.end();
  const second = startHub();
  const tab = await look(second);
  await when(second, () => second.sockets.opened.length > 0);
  await second.pass(100);
  expect(roster(tab)).toEqual(['running: Write']);
  const [review] = Object.values(tab.view<'reviews'>(2)?.entities.reviews ?? {});
  expect(review?.status).toEqual({ kind: 'held', why: 'source-away' });
  second.sockets.last.accept();
  second.sockets.last.say({ ...HELLO, snapshotTrace: MESSAGES.map(envelope) });
  await second.pass(100);
  expect(second.sockets.last.messages).toContainEqual(
    expect.objectContaining({ type: 'review_decision', reviewId: 'v1', decision: 'CONTINUE' }),
  );
  expect(await tab.hub.status()).toMatchObject({ eventsTotal: 0, producers: 1 });
});

it('opens no connection before what is known is there', async () => {
  const first = await live();
  first.end();
  const second = startHub();
  const tab = await look(second);
  await when(second, () => second.sockets.opened.length > 0);
  await second.pass(0);
  expect(roster(tab)).toHaveLength(1);
});
