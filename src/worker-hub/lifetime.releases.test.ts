import { describe, expect, it } from 'vitest';
import { STEAL_AFTER_MS } from './lifetime.ts';
import { ACTIVE_LOCK, aliveLockName } from './other-hubs.ts';
import { createBrowser, settled } from './test-support/lifetime-browser.ts';

describe('Lifetime, between releases', () => {
  it('is retired by a newer one, which opens nothing before the older one has closed everything', async () => {
    const browser = createBrowser();
    let closed = (): void => undefined;
    const closing = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const old = browser.start('old', { closing });
    await settled();
    const newer = browser.start('new', { builtAtMs: 2 });
    await settled();
    expect([old.lifetime.isActive, newer.lifetime.isActive, old.said]).toEqual([false, false, ['active']]);
    closed();
    await settled();
    expect(old.said).toEqual(['active', 'retired by http://a/new.js']);
    expect([newer.said, browser.most.open]).toEqual([['active'], 1]);
    expect(browser.locks.isHeld(aliveLockName('old'))).toBe(false);
  });

  it('tells its tabs where to go even if it cannot close', async () => {
    const browser = createBrowser();
    const old = browser.start('old', { closing: new Promise(() => undefined) });
    await settled();
    const newer = browser.start('new', { builtAtMs: 2 });
    await browser.pass(STEAL_AFTER_MS - 1);
    expect([old.said, newer.said]).toEqual([['active'], []]);
    await browser.pass(1);
    expect([old.said.at(-1), newer.said]).toEqual(['retired by http://a/new.js', ['active']]);
    expect([browser.locks.isHeld(aliveLockName('old')), browser.clock.pending]).toEqual([false, 0]);
  });

  it('stands down before a newer one without a word to it, busy or frozen as that may be', async () => {
    const browser = createBrowser();
    const newer = browser.start('new', { builtAtMs: 2 });
    await settled();
    browser.channels.freeze('new');
    const old = browser.start('old');
    await browser.pass(STEAL_AFTER_MS);
    expect([old.said, newer.said]).toEqual([['retired by http://a/new.js'], ['active']]);
    expect(await newer.lifetime.isHolder()).toBe(true);
  });

  it.each([
    ['contract', { contract: 2, builtAtMs: 0 }],
    ['database', { database: 2, builtAtMs: 0 }],
  ])('goes by the version of the %s before the build', async (_, newer) => {
    const browser = createBrowser();
    const old = browser.start('old', { builtAtMs: 9 });
    await settled();
    const next = browser.start('new', newer);
    await settled();
    expect([old.said, next.said]).toEqual([['active', 'retired by http://a/new.js'], ['active']]);
  });

  it('leaves it to the newest where two newer ones start at once', async () => {
    for (const order of [
      ['newer', 'newest'],
      ['newest', 'newer'],
    ]) {
      const browser = createBrowser();
      browser.start('old');
      await settled();
      const [first, second] = order.map((id) => browser.start(id, { builtAtMs: id === 'newest' ? 3 : 2 }));
      await browser.pass(STEAL_AFTER_MS);
      expect([...browser.open]).toEqual(['newest']);
      expect(browser.most.open).toBe(1);
      const outcomes = [first?.said.at(-1), second?.said.at(-1)];
      expect(outcomes).toContain('active');
      expect(outcomes).toContain('retired by http://a/newest.js');
    }
  });

  it('is retired while it is only just becoming active', async () => {
    const browser = createBrowser();
    const release = browser.locks.take(ACTIVE_LOCK);
    const old = browser.start('old');
    await settled();
    browser.start('new', { builtAtMs: 2 });
    release();
    await browser.pass(STEAL_AFTER_MS);
    expect([[...browser.open], browser.most.open]).toEqual([['new'], 1]);
    expect(old.said.at(-1)).toBe('retired by http://a/new.js');
  });

  it('becomes newer with the page of a later build that uses the same hub', async () => {
    const browser = createBrowser();
    const shared = browser.start('shared', { builtAtMs: 1 });
    await settled();
    shared.lifetime.meet(3);
    await settled();
    const between = browser.start('between', { builtAtMs: 2 });
    await settled();
    expect([shared.said, between.said]).toEqual([['active'], ['retired by http://a/shared.js']]);
    shared.lifetime.meet(1);
    expect(shared.lifetime.release?.builtAtMs).toBe(3);
  });

  it('hears nothing that is not meant for it', async () => {
    const browser = createBrowser();
    const hub = browser.start('a', { builtAtMs: 5 });
    await settled();
    browser.channels.say({ kind: 'retire' });
    browser.channels.say('retire');
    const release = { contract: 1, database: 1, builtAtMs: 4, name: 'hub' };
    browser.channels.say({ kind: 'retire', bootId: 'x', isAsked: true, release });
    await settled();
    expect(hub.said).toEqual(['active']);
  });
});
