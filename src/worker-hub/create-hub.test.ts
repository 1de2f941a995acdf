import { afterEach, describe, expect, it } from 'vitest';
import { producerKey } from '../protocol/tab/keys.ts';
import { ACTIVE_LOCK, aliveLockName } from './lifetime.ts';
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
  const hub = new TestHub(options);
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

describe('createHub', () => {
  it('brings a source from its address to the roster', async () => {
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

  it('says what is wrong with an address', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    expect(await tab.hub.addSource('ftp://x')).toMatchObject({ ok: false, error: { code: 'scheme' } });
    expect(hub.sockets.opened).toEqual([]);
  });
});
