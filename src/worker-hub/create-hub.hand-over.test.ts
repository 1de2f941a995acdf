import { afterEach, describe, expect, it } from 'vitest';
import { STANDBY_AFTER_MS, STEAL_AFTER_MS } from './lifetime.ts';
import { ACTIVE_LOCK } from './other-hubs.ts';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { FakeChannels } from './test-support/fake-channels.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { FakeLocks } from './test-support/fake-locks.ts';
import { TestHub, type TestHubOptions } from './test-support/test-hub.ts';

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

const hubs: TestHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
});

/** One browser, and how to start a hub in it. */
function createBrowser() {
  const shared = { locks: new FakeLocks(), channels: new FakeChannels(), clock: new FakeClock() };
  const store = new MemorySettingsStore();
  store.close = () => undefined;
  function start(id: string, options: TestHubOptions = {}): TestHub {
    const hub = new TestHub({ ...shared, id, openStore: async () => store, ...options });
    hubs.push(hub);
    return hub;
  }
  return { ...shared, start };
}

describe('a newer hub', () => {
  it('takes over the connections, with the tabs of the older one', async () => {
    const browser = createBrowser();
    const old = browser.start('old');
    const tab = await old.openTab('a', { builtAtMs: 1 });
    await tab.hub.addSource('localhost:7329');
    await settled();
    old.sockets.last.accept();
    const newer = browser.start('new');
    await newer.openTab('b', { builtAtMs: 2 });
    await tab.until(() => tab.words.length > 1);
    await settled();
    expect(tab.words).toEqual([{ word: 'active' }, { word: 'moved', url: 'http://localhost:7400/new.js' }]);
    expect([old.sockets.live, old.isClosed, newer.isClosed]).toEqual([0, true, false]);
    expect(newer.sockets.opened.map(({ url }) => url)).toEqual(['ws://localhost:7329/ws']);
  });

  it('waits until the storage of the older one is closed, also where that was only opening', async () => {
    const browser = createBrowser();
    const store = new MemorySettingsStore();
    let opened = (): void => undefined;
    const opening = new Promise<MemorySettingsStore>((resolve) => {
      opened = () => resolve(store);
    });
    const old = browser.start('old', { openStore: () => opening });
    await old.openTab('a', { builtAtMs: 1 });
    await settled();
    const newer = browser.start('new');
    const tab = await newer.openTab('b', { builtAtMs: 2 });
    expect(await tab.hub.status()).toMatchObject({ isActive: false });
    let isClosed = false;
    store.close = () => {
      isClosed = true;
    };
    opened();
    await settled();
    expect([isClosed, (await tab.hub.status()).isActive]).toEqual([true, true]);
  });

  it('tells a tab that comes to a hub which has ended where to go', async () => {
    const browser = createBrowser();
    browser.locks.take(ACTIVE_LOCK);
    const old = browser.start('old');
    await old.openTab('a', { builtAtMs: 1 });
    const newer = browser.start('new');
    await newer.openTab('b', { builtAtMs: 2 });
    await settled();
    expect(old.isClosed).toBe(true);
    const late = await old.openTab('c', { builtAtMs: 1 });
    expect(late.words).toEqual([{ word: 'moved', url: 'http://localhost:7400/new.js' }]);
  });
});

describe('a hub that was frozen while its lock was taken', () => {
  it('reopens nothing when it wakes', async () => {
    const browser = createBrowser();
    const old = browser.start('old');
    const tab = await old.openTab('a', { builtAtMs: 1 });
    await tab.hub.addSource('localhost:7329');
    await settled();
    browser.channels.freeze('old');
    browser.locks.freeze('old');
    old.sockets.last.drop();
    const newer = browser.start('new');
    await newer.openTab('b', { builtAtMs: 2 });
    browser.clock.advance(STEAL_AFTER_MS);
    await settled();
    expect(newer.sockets.live).toBe(1);
    const openedBefore = old.sockets.opened.length;
    // What wakes it is a tab that looks, and the back-off of the source; the news of the lock comes last.
    old.hub.wake();
    browser.clock.advance(60_000);
    await settled();
    browser.locks.thaw('old');
    browser.channels.thaw('old');
    old.hub.wake();
    await settled();
    expect([old.sockets.opened.length, old.isClosed, newer.sockets.live]).toEqual([openedBefore, true, 1]);
  });
});

describe('a hub in a worker of one tab', () => {
  it('stands by, says so, and comes when the user wants it here', async () => {
    const browser = createBrowser();
    const first = browser.start('first', { isAlone: true });
    const tab = await first.openTab('a');
    await tab.hub.addSource('localhost:7329');
    await settled();
    const second = browser.start('second', { isAlone: true });
    const other = await second.openTab('b');
    await second.pass(STANDBY_AFTER_MS);
    await other.until(() => other.words.length > 0);
    expect(other.words).toEqual([{ word: 'standby' }]);
    expect(second.sockets.opened).toEqual([]);
    await other.hub.useHere();
    await tab.until(() => tab.words.length > 1);
    await other.until(() => other.words.length > 1);
    expect([tab.words, other.words.at(-1)]).toEqual([[{ word: 'active' }, { word: 'moved' }], { word: 'active' }]);
    await settled();
    expect([first.sockets.live, second.sockets.live, first.isClosed]).toEqual([0, 1, true]);
  });
});
