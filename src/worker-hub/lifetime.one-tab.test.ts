import { describe, expect, it } from 'vitest';
import { STANDBY_AFTER_MS, STEAL_AFTER_MS } from './lifetime.ts';
import { createBrowser, settled } from './test-support/lifetime-browser.ts';

describe('Lifetime, in workers that belong to one tab each', () => {
  it('stands by for one of the same release, however long that takes, and follows it when it ends', async () => {
    const browser = createBrowser();
    const first = browser.start('first', { isAlone: true });
    await settled();
    const second = browser.start('second', { isAlone: true });
    await browser.pass(STANDBY_AFTER_MS - 1);
    expect(second.said).toEqual([]);
    await browser.pass(1);
    expect(second.said).toEqual(['standby']);
    await browser.pass(STEAL_AFTER_MS * 2);
    expect([first.said, new Set(second.said)]).toEqual([['active'], new Set(['standby'])]);
    first.lifetime.end();
    await settled();
    expect(second.said.at(-1)).toBe('active');
  });

  it('says nothing of standing by where the lock is free at once, as after a reload', async () => {
    const browser = createBrowser();
    const first = browser.start('first', { isAlone: true });
    await settled();
    const second = browser.start('second', { isAlone: true });
    await settled();
    first.lifetime.end();
    await browser.pass(STEAL_AFTER_MS);
    expect(second.said).toEqual(['active']);
  });

  it('moves to where the user wants it, past others that were in line before', async () => {
    const browser = createBrowser();
    const first = browser.start('first', { isAlone: true });
    await settled();
    const second = browser.start('second', { isAlone: true });
    const third = browser.start('third', { isAlone: true });
    await browser.pass(STANDBY_AFTER_MS);
    third.lifetime.useHere();
    await settled();
    expect(first.said).toEqual(['active', 'retired by 1']);
    expect([second.said, third.said]).toEqual([['standby'], ['standby', 'active']]);
    expect(browser.most.open).toBe(1);
    third.lifetime.end();
    await settled();
    expect(second.said).toEqual(['standby', 'active']);
  });

  it('is taken from a frozen tab after 5 s where the user wants it', async () => {
    const browser = createBrowser();
    const frozen = browser.start('frozen', { isAlone: true });
    await settled();
    browser.channels.freeze('frozen');
    const here = browser.start('here', { isAlone: true });
    await browser.pass(STANDBY_AFTER_MS);
    here.lifetime.useHere();
    await browser.pass(STEAL_AFTER_MS);
    expect(here.said.at(-1)).toBe('active');
    expect(frozen.said).toEqual(['active', 'writes nothing', 'retired by 1']);
  });

  it('does nothing for a hub that is active already', async () => {
    const browser = createBrowser();
    const hub = browser.start('a', { isAlone: true });
    const other = browser.start('b', { isAlone: true });
    await settled();
    hub.lifetime.useHere();
    await browser.pass(STEAL_AFTER_MS);
    expect([hub.said, other.said.at(-1), browser.clock.pending]).toEqual([['active'], 'standby', 0]);
  });
});
