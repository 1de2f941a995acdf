import { describe, expect, it } from 'vitest';
import { Lifetime, STEAL_AFTER_MS } from './lifetime.ts';
import { ACTIVE_LOCK } from './other-hubs.ts';
import { createBrowser, settled } from './test-support/lifetime-browser.ts';

describe('Lifetime, where the other one does not answer', () => {
  it('takes the lock of an older one after 5 s, and that one opens nothing when it wakes', async () => {
    const browser = createBrowser();
    const frozen = browser.start('frozen');
    await settled();
    browser.channels.freeze('frozen');
    const newer = browser.start('new', { builtAtMs: 2 });
    await browser.pass(STEAL_AFTER_MS - 1);
    expect(newer.said).toEqual([]);
    await browser.pass(1);
    expect(newer.said).toEqual(['active']);
    expect(frozen.said).toEqual(['active', 'writes nothing', 'retired by http://a/new.js']);
    expect([await frozen.lifetime.isHolder(), frozen.lifetime.isActive]).toEqual([false, false]);
    browser.channels.thaw('frozen');
    await browser.pass(STEAL_AFTER_MS);
    expect([[...browser.open], frozen.said.length]).toEqual([['new'], 3]);
  });

  it('finds out by asking, where the loss of the lock was not told yet', async () => {
    const browser = createBrowser();
    const frozen = browser.start('frozen');
    await settled();
    browser.channels.freeze('frozen');
    browser.locks.freeze('frozen');
    browser.start('new', { builtAtMs: 2 });
    await browser.pass(STEAL_AFTER_MS);
    expect(frozen.lifetime.isActive).toBe(true);
    expect(await frozen.lifetime.isHolder()).toBe(false);
    await settled();
    expect(frozen.said).toEqual(['active', 'writes nothing', 'retired by http://a/new.js']);
    expect(frozen.lifetime.isActive).toBe(false);
    browser.locks.thaw('frozen');
    await settled();
    expect([...browser.open]).toEqual(['new']);
  });

  it('leaves it at one thief where two newer ones wait', async () => {
    const browser = createBrowser();
    browser.start('frozen');
    await settled();
    browser.channels.freeze('frozen');
    const newer = browser.start('new', { builtAtMs: 2 });
    const newest = browser.start('newest', { builtAtMs: 3 });
    await browser.pass(STEAL_AFTER_MS);
    await browser.pass(STEAL_AFTER_MS);
    expect([newer.said, newest.said]).toEqual([['retired by http://a/newest.js'], ['active']]);
    expect([...browser.open]).toEqual(['newest']);
  });

  it('takes the lock from a holder that shows no release, as hubs before this scheme did not', async () => {
    const browser = createBrowser();
    browser.locks.take(ACTIVE_LOCK, 'ancient');
    const hub = browser.start('a');
    await browser.pass(STEAL_AFTER_MS);
    expect(hub.said).toEqual(['active']);
  });

  it('takes it from a dead worker of its own address', async () => {
    const browser = createBrowser();
    browser.start('a');
    await settled();
    browser.channels.freeze('a');
    const again = new Lifetime({
      locks: browser.locks.of('again'),
      channel: browser.channels.of('again'),
      clock: browser.clock,
      bootId: 'again',
      release: { contract: 1, database: 1, name: 'hub', url: 'http://a/a.js' },
      onActive: () => undefined,
      onStandby: () => expect.fail('nobody can use it there'),
      close: async () => undefined,
      onRetired: () => undefined,
      onDenied: () => undefined,
    });
    again.begin();
    again.meet(1);
    await browser.pass(STEAL_AFTER_MS);
    expect(again.isActive).toBe(true);
  });
});
