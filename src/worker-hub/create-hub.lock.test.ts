import { afterEach, describe, expect, it } from 'vitest';
import { ACTIVE_LOCK, aliveLockName } from './other-hubs.ts';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { SOURCE_ID } from './test-support/connected-source.ts';
import { FakeLocks } from './test-support/fake-locks.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';

afterEach(endHubs);

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
