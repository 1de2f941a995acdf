import { describe, expect, it } from 'vitest';
import { Lifetime } from './lifetime.ts';
import { ACTIVE_LOCK, aliveLockName } from './other-hubs.ts';
import { FakeChannels } from './test-support/fake-channels.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { createBrowser, settled } from './test-support/lifetime-browser.ts';

describe('Lifetime, alone', () => {
  it('holds the lock of the living at once, and is active once a tab has said how new it is', async () => {
    const { locks, channels, clock } = createBrowser();
    const said: string[] = [];
    const lifetime = new Lifetime({
      locks: locks.of('a'),
      channel: channels.of('a'),
      clock,
      bootId: 'a',
      release: { contract: 1, database: 1, name: 'hub' },
      onActive: () => said.push('active'),
      onStandby: () => said.push('standby'),
      close: async () => undefined,
      onRetired: () => said.push('retired'),
      onDenied: () => said.push('denied'),
    });
    lifetime.begin();
    await lifetime.untilAlive;
    await settled();
    expect([locks.isHeld(aliveLockName('a')), lifetime.isActive, lifetime.release]).toEqual([true, false, undefined]);
    lifetime.meet(7);
    expect(said).toEqual([]);
    await settled();
    expect([lifetime.isActive, said, locks.isHeld(ACTIVE_LOCK)]).toEqual([true, ['active'], true]);
    expect([lifetime.release?.builtAtMs, await lifetime.isHolder()]).toEqual([7, true]);
    lifetime.end();
    await settled();
    expect([lifetime.isActive, locks.size, channels.size, clock.pending]).toEqual([false, 0, 0, 0]);
    lifetime.meet(8);
    await settled();
    expect([said, locks.size]).toEqual([['active'], 0]);
  });

  it('says once that the locks are denied', async () => {
    const browser = createBrowser();
    browser.locks.failure = new Error('no');
    const { lifetime, said } = browser.start('a');
    await lifetime.untilAlive;
    await settled();
    expect([lifetime.isActive, said]).toEqual([false, ['denied: Error: no']]);
  });

  it('is active at once where there are no locks', async () => {
    const said: string[] = [];
    const lifetime = new Lifetime({
      locks: undefined,
      channel: new FakeChannels().of('a'),
      clock: new FakeClock(),
      bootId: 'a',
      release: { contract: 1, database: 1, name: 'hub' },
      onActive: () => said.push('active'),
      onStandby: () => undefined,
      close: async () => undefined,
      onRetired: () => undefined,
      onDenied: () => undefined,
    });
    lifetime.begin();
    lifetime.meet(1);
    expect([lifetime.isActive, said]).toEqual([true, ['active']]);
    expect([await lifetime.untilAlive, await lifetime.isHolder()]).toEqual([undefined, true]);
  });
});
