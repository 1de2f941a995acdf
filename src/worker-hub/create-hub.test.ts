import { afterEach, describe, expect, it } from 'vitest';
import { PRESS_DESK_TEXT } from '../../test/support/press-desk.ts';
import { TAB_CONTRACT_VERSION } from '../protocol/tab/contract-version.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { ACTIVE_LOCK, aliveLockName } from './other-hubs.ts';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { FakeLocks } from './test-support/fake-locks.ts';
import { TestHub, type TestHubOptions } from './test-support/test-hub.ts';

const SOURCE_ID = 'ws://localhost:7329/ws';
const SELF = producerKey(SOURCE_ID, 'self');
const STARTED = {
  type: 'ensemble_started',
  ensembleId: 'e1',
  startedAt: '2026-11-22T12:00:00Z',
  totalTasks: 1,
  workflow: 'SEQUENTIAL',
};
const TASK = {
  type: 'task_started',
  taskIndex: 1,
  totalTasks: 1,
  taskDescription: 'Draft',
  agentRole: 'Writer',
  startedAt: '2026-11-22T12:00:01Z',
};
const REVIEW = {
  type: 'review_requested',
  reviewId: 'r1',
  taskDescription: 'Draft',
  taskOutput: 'The tide',
  timing: 'AFTER_EXECUTION',
  timeoutMs: 300_000,
  onTimeout: 'CONTINUE',
};

const hubs: TestHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
});

function startHub(options: TestHubOptions = {}): TestHub {
  const hub = new TestHub({ loadDemo: async () => PRESS_DESK_TEXT, ...options });
  hubs.push(hub);
  return hub;
}

async function connect(hub: TestHub) {
  const tab = await hub.openTab();
  await hub.pass(0);
  await tab.hub.addSource('localhost:7329');
  hub.sockets.last.accept();
  hub.sockets.last.say({ type: 'hello' });
  return { tab, socket: hub.sockets.last };
}

describe('a source', () => {
  it('comes from its address to the roster', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'roster' });
    expect(tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]).toMatchObject({
      label: 'localhost:7329',
      kind: 'embedded',
      state: { kind: 'connected' },
    });
    socket.say(STARTED);
    socket.say(TASK);
    await hub.pass(50);
    expect(tab.view<'roster'>(2)?.entities.producers[SELF]).toMatchObject({ state: 'running', detail: 'Draft' });
  });

  it('is not made of an address that cannot be understood', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    expect(await tab.hub.addSource('ftp://x')).toMatchObject({ ok: false, error: { code: 'scheme' } });
    expect(hub.sockets.opened).toEqual([]);
  });

  it('is tried again at once when the user says so, when a tab is shown and when the network is back', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    socket.drop();
    await tab.hub.retryNow(SOURCE_ID);
    hub.sockets.last.drop();
    await tab.hub.setVisible(true);
    hub.sockets.last.drop();
    hub.hub.wake();
    await hub.pass(0);
    expect(hub.sockets.opened).toHaveLength(4);
    expect(hub.sockets.mostLive).toBe(1);
  });

  it('says how many of its frames could not be read', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    socket.say('{');
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]).toMatchObject({ unreadable: 1 });
  });

  it('is renamed, paused and resumed from a tab, and keeps its producers meanwhile', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'roster' });
    for (const message of [STARTED, TASK]) socket.say(message);
    await tab.hub.renameSource(SOURCE_ID, 'Desk');
    await tab.hub.pauseSource(SOURCE_ID);
    await hub.pass(50);
    const source = (): unknown => tab.view<'attention'>(1)?.entities.sources[SOURCE_ID];
    expect(source()).toMatchObject({ label: 'Desk', state: { kind: 'disconnected', reason: { code: 'paused' } } });
    expect([socket.isClosed, tab.view<'roster'>(2)?.entities.producers[SELF]]).toMatchObject([true, { state: 'gone' }]);
    await tab.hub.resumeSource(SOURCE_ID);
    await hub.pass(50);
    expect([hub.sockets.live, source()]).toMatchObject([1, { state: { kind: 'connecting' } }]);
  });

  it('says how many reviews its process would answer by itself, and how many tabs keep it from that', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(50);
    const atRisk = (): unknown => tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]?.reviewsAtRisk;
    expect([atRisk(), tab.view<'attention'>(1)?.head.tabs]).toEqual([1, 1]);
    const other = await hub.openTab('two');
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head.tabs).toBe(2);
    hub.kill(other);
    await hub.pass(0);
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head.tabs).toBe(1);
    socket.say({ type: 'review_timed_out', reviewId: 'r1', action: 'CONTINUE' });
    await hub.pass(50);
    expect(atRisk()).toBe(0);
  });

  it('has no review at risk behind a relay, which holds them', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    await hub.pass(0);
    await tab.hub.addSource('localhost:7400');
    hub.sockets.last.accept();
    hub.sockets.last.say({ type: 'hub_hello' });
    await tab.open(1, { view: 'attention' });
    const producer = { producerId: 'p' };
    for (const [index, message] of [STARTED, TASK, REVIEW].entries()) {
      const receivedAt = `2026-11-22T12:00:0${index}Z`;
      hub.sockets.last.say({ type: 'event', producer, sequence: index + 1, receivedAt, message });
    }
    await hub.pass(50);
    const { head, entities } = tab.view<'attention'>(1) ?? expect.fail();
    expect([head.openReviews, Object.values(entities.sources)[0]?.reviewsAtRisk]).toEqual([1, 0]);
  });

  it('goes when it is removed, with its socket', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.hub.removeSource(SOURCE_ID);
    await hub.pass(50);
    expect([socket.isClosed, tab.view<'attention'>(1)?.entities.sources]).toEqual([true, {}]);
  });
});

describe('two tabs', () => {
  it('see the same, and a decision reaches the process exactly once', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    const other = await hub.openTab('two');
    for (const each of [tab, other]) await each.open(1, { view: 'reviews' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(50);
    const [review] = Object.values(tab.view<'reviews'>(1)?.entities.reviews ?? {});
    expect(review).toMatchObject({ reviewId: 'r1', status: { kind: 'open' }, canDecide: true });
    expect(other.view(1)).toEqual(tab.view(1));
    const id = review?.id ?? expect.fail();
    const decided = await tab.hub.decide({ review: id, decision: 'EDIT', revisedOutput: 'The tides' });
    const late = await other.hub.decide({ review: id, decision: 'EXIT_EARLY' });
    expect([decided.ok, late.ok]).toEqual([true, false]);
    expect(socket.messages).toEqual([
      { type: 'review_decision', reviewId: 'r1', decision: 'EDIT', revisedOutput: 'The tides' },
    ]);
    await hub.pass(50);
    expect(tab.view<'reviews'>(1)?.entities.reviews[id]).toMatchObject({ status: { kind: 'sent' } });
    expect(other.view(1)).toEqual(tab.view(1));
  });

  it('share one connection to a source', async () => {
    const hub = startHub();
    await connect(hub);
    const other = await hub.openTab('two');
    expect(await other.hub.addSource('http://LOCALHOST:7329/')).toEqual({
      ok: true,
      value: { sourceId: SOURCE_ID, isNew: false },
    });
    expect(hub.sockets.opened).toHaveLength(1);
  });

  it('do not keep each other: one dies and the hub lets go of it', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    const other = await hub.openTab('two');
    await other.open(1, { view: 'roster' });
    expect(await tab.hub.status()).toMatchObject({ tabs: 2, streams: [{ tab: 2, view: 'roster', state: 'live' }] });
    hub.kill(other);
    await hub.pass(0);
    expect(await tab.hub.status()).toMatchObject({ tabs: 1, streams: [] });
  });
});

describe('reading', () => {
  it('gives a tab the whole of a long text', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    const response = 'tide '.repeat(2_000);
    const who = { agentRole: 'Writer', taskDescription: 'Draft', iterationIndex: 0 };
    socket.say(STARTED);
    socket.say(TASK);
    socket.say({ type: 'llm_iteration_started', ...who, messages: [] });
    const sums = { inputTokens: 1, outputTokens: 1, latencyMs: 1 };
    socket.say({
      type: 'llm_iteration_completed',
      ...who,
      responseType: 'FINAL_ANSWER',
      responseText: response,
      ...sums,
    });
    await tab.open(1, { view: 'conversation', producer: SELF });
    const [iteration] = Object.values(tab.view<'conversation'>(1)?.entities.iterations ?? {});
    const ref = iteration?.response?.ref ?? expect.fail();
    expect(await tab.hub.read(SELF, ref)).toBe(response);
    expect(await tab.hub.read(producerKey(SOURCE_ID, 'other'), ref)).toBeUndefined();
    const taskOutput = 'wave '.repeat(2_000);
    socket.say({ ...REVIEW, taskOutput });
    await tab.open(2, { view: 'reviews' });
    const [review] = Object.values(tab.view<'reviews'>(2)?.entities.reviews ?? {});
    expect(await tab.hub.read(SELF, review?.output.ref ?? expect.fail())).toBe(taskOutput);
  });
});

describe('time', () => {
  it('goes on in the mind without anybody doing anything', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'reviews' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(300_100);
    const [review] = Object.values(tab.view<'reviews'>(1)?.entities.reviews ?? {});
    expect(review?.status).toMatchObject({ kind: 'expired', announced: 'CONTINUE' });
  });
});

describe('the lock', () => {
  it('keeps a second hub from opening anything until the first has ended', async () => {
    const locks = new FakeLocks();
    const release = locks.take(ACTIVE_LOCK);
    let opened = 0;
    const hub = startHub({
      locks,
      openStore: async () => {
        opened += 1;
        return new MemorySettingsStore();
      },
    });
    const tab = await hub.openTab();
    await tab.hub.addSource('localhost:7329');
    await tab.open(1, { view: 'attention' });
    await hub.pass(3_000);
    expect([hub.sockets.opened.length, opened]).toEqual([0, 0]);
    expect(tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]?.state).toMatchObject({
      kind: 'disconnected',
      reason: { code: 'standby' },
    });
    expect(await tab.hub.status()).toMatchObject({ isActive: false, storage: 'none yet' });
    release();
    await hub.pass(50);
    expect([hub.sockets.opened.length, opened]).toEqual([1, 1]);
    expect(await tab.hub.status()).toMatchObject({ isActive: true });
  });

  it('says so when it is denied, and opens nothing', async () => {
    const locks = new FakeLocks();
    locks.failure = new Error('Locks are not allowed here.');
    const hub = startHub({ locks });
    const tab = await hub.openTab();
    await tab.hub.addSource('localhost:7329');
    await tab.open(1, { view: 'attention' });
    const notices = tab.view<'attention'>(1)?.head.notices.map(({ text }) => text);
    expect(notices).toEqual([expect.stringContaining('Locks are not allowed here.')]);
    expect(hub.sockets.opened).toEqual([]);
  });

  it('is held for as long as the hub lives', async () => {
    const hub = startHub();
    await hub.openTab();
    expect([hub.locks.isHeld(ACTIVE_LOCK), hub.locks.isHeld(aliveLockName('id-1'))]).toEqual([true, true]);
    hub.end();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect([hub.locks.isHeld(ACTIVE_LOCK), hub.locks.isHeld(aliveLockName('id-1'))]).toEqual([false, false]);
  });
});

describe('a restart', () => {
  it('finds the sources and settings again', async () => {
    const store = new MemorySettingsStore();
    store.close = () => undefined;
    const first = startHub({ openStore: async () => store });
    const before = await first.openTab();
    await first.pass(0);
    await before.hub.addSource('localhost:7329', { name: 'Desk' });
    await before.hub.addSource('localhost:7400');
    await before.hub.removeSource('ws://localhost:7400/ws');
    await before.hub.saveSettings({ theme: 'dark' });
    const { name } = await before.hub.settings();
    expect(name).toMatch(/^browser /);
    first.end();
    const second = startHub({ openStore: async () => store });
    const tab = await second.openTab();
    await tab.open(1, { view: 'attention' });
    await tab.until(() => tab.view<'attention'>(1)?.head.ready === true);
    const sources = Object.values(tab.view<'attention'>(1)?.entities.sources ?? {});
    expect(sources.map(({ id, label }) => [id, label])).toEqual([[SOURCE_ID, 'Desk']]);
    expect(await tab.hub.settings()).toEqual({ theme: 'dark', name });
    await tab.hub.adoptOrigin('http://localhost:7400');
    expect(second.sockets.opened.map(({ url }) => url)).toEqual([SOURCE_ID]);
    expect(await tab.hub.openLink('localhost:7400', { pageOrigin: 'http://localhost:7400' })).toMatchObject({
      kind: 'connected',
    });
  });

  it('goes on in memory when the storage cannot be opened, and says so', async () => {
    const hub = startHub({ openStore: () => Promise.reject(new Error('disk full')) });
    const tab = await hub.openTab();
    await tab.open(1, { view: 'attention' });
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head).toMatchObject({
      ready: true,
      notices: [{ text: expect.stringContaining('disk full') }],
    });
    expect(await tab.hub.addSource('localhost:7329')).toMatchObject({ ok: true });
    expect(await tab.hub.status()).toMatchObject({ storage: 'memory' });
  });
});

describe('the demo', () => {
  it('runs as a source of its own, twice in the same process, and is not remembered', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    expect(await tab.hub.runDemo()).toEqual({ sourceId: 'demo:', isNew: true });
    const producer = producerKey('demo:', 'self');
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'reviews' });
    await hub.pass(8_000);
    expect(tab.view<'attention'>(1)?.entities.sources['demo:']).toMatchObject({ kind: 'demo', label: 'Demo' });
    const [review] = Object.values(tab.view<'reviews'>(2)?.entities.reviews ?? {});
    expect(await tab.hub.runDemo()).toEqual({ sourceId: 'demo:', isNew: false });
    await tab.hub.decide({ review: review?.id ?? expect.fail(), decision: 'CONTINUE' });
    await hub.pass(60_000);
    await tab.open(3, { view: 'run', producer });
    expect(tab.view<'run'>(3)?.head?.run).toMatchObject({ number: 1, state: 'ended', exitReason: 'COMPLETED' });
    await tab.hub.runDemo();
    await hub.pass(1_000);
    expect(tab.view<'run'>(3)?.head?.runs).toHaveLength(2);
    expect(hub.sockets.opened).toEqual([]);
  });

  it('says so when its file cannot be had', async () => {
    const hub = startHub({ loadDemo: () => Promise.reject(new TypeError('Failed to fetch')) });
    const tab = await hub.openTab();
    await tab.open(1, { view: 'attention' });
    await tab.hub.runDemo();
    await hub.pass(100);
    expect(tab.view<'attention'>(1)?.head.notices).toMatchObject([
      { text: expect.stringContaining('The demo could not be loaded: TypeError: Failed to fetch.') },
    ]);
  });

  it('ends when it is removed, and can be run again', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    await tab.hub.runDemo();
    await hub.pass(2_000);
    await tab.hub.removeSource('demo:');
    await tab.open(1, { view: 'roster' });
    await hub.pass(10_000);
    expect(tab.view<'roster'>(1)?.entities.producers).toEqual({});
    expect(await tab.hub.runDemo()).toMatchObject({ isNew: true });
    await hub.pass(2_000);
    expect(Object.keys(tab.view<'roster'>(1)?.entities.producers ?? {})).toEqual([producerKey('demo:', 'self')]);
  });
});

describe('the hub itself', () => {
  it('keeps what went wrong and tells the tabs', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    hub.hub.reportError(new TypeError('x is not a function'));
    await tab.until(() => tab.words.length > 1);
    expect(tab.words).toEqual([{ word: 'active' }, { word: 'error', text: 'TypeError: x is not a function' }]);
    expect((await tab.hub.status()).errors).toEqual([
      { atMs: hub.clock.nowMs(), text: 'TypeError: x is not a function' },
    ]);
  });

  it('says how it is', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    for (const message of [STARTED, TASK]) socket.say(message);
    await hub.pass(1_000);
    const startedAtMs = hub.clock.nowMs() - 1_000;
    expect(await tab.hub.status()).toMatchObject({
      bootId: 'id-1',
      build: 'hub-1.js',
      contract: TAB_CONTRACT_VERSION,
      startedAtMs,
      sources: 1,
      connected: 1,
      producers: 1,
      eventsTotal: 2,
      eventsPerSecond: 0.4,
      heldEvents: 0,
      storage: 'IndexedDB',
      errors: [],
    });
  });

  it('says how many events wait for those before them', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    await hub.pass(0);
    await tab.hub.addSource('localhost:7400');
    hub.sockets.last.accept();
    hub.sockets.last.say({ type: 'hub_hello' });
    const event = {
      type: 'event',
      producer: { producerId: 'p' },
      receivedAt: '2026-11-22T12:00:00Z',
      message: STARTED,
    };
    for (const sequence of [1, 3, 4]) hub.sockets.last.say({ ...event, sequence });
    expect(await tab.hub.status()).toMatchObject({ eventsTotal: 1, heldEvents: 2 });
    await hub.pass(1_000);
    expect(await tab.hub.status()).toMatchObject({ eventsTotal: 3, heldEvents: 0 });
  });

  it('holds nothing when it has ended', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.hub.runDemo();
    await tab.open(1, { view: 'roster' });
    await hub.pass(100);
    hub.end();
    await new Promise((resolve) => setImmediate(resolve));
    hub.clock.advance(0);
    expect([socket.isClosed, hub.clock.pending, hub.locks.size]).toEqual([true, 0, 0]);
  });
});
