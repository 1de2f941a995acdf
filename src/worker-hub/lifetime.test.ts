import { describe, expect, it } from 'vitest';
import type { HubRelease } from './hub-release.ts';
import { Lifetime, STANDBY_AFTER_MS, STEAL_AFTER_MS } from './lifetime.ts';
import { ACTIVE_LOCK, aliveLockName } from './other-hubs.ts';
import { FakeChannels } from './test-support/fake-channels.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { FakeLocks } from './test-support/fake-locks.ts';

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

interface HubOptions {
  readonly builtAtMs?: number;
  readonly contract?: number;
  readonly database?: number;
  /** In a worker of one tab, which no other tab can reach. */
  readonly isAlone?: boolean;
  /** How long it takes to close, until it is settled by the test. */
  readonly closing?: Promise<void>;
}

/** One browser in which hubs live beside each other. */
function createBrowser() {
  const locks = new FakeLocks();
  const channels = new FakeChannels();
  const clock = new FakeClock();
  /** Who has connections now; two at once is what must never be. */
  const open = new Set<string>();
  const most = { open: 0 };
  function start(id: string, options: HubOptions = {}) {
    const { contract = 1, database = 1, isAlone = false, closing } = options;
    const said: string[] = [];
    const place: Pick<HubRelease, 'url'> = isAlone ? {} : { url: `http://a/${id}.js` };
    const lifetime = new Lifetime({
      locks: locks.of(id),
      channel: channels.of(id),
      clock,
      bootId: id,
      release: { contract, database, name: 'hub', ...place },
      onActive: () => {
        said.push('active');
        open.add(id);
        most.open = Math.max(most.open, open.size);
      },
      onStandby: () => said.push('standby'),
      close: async (mayWrite) => {
        open.delete(id);
        if (!mayWrite) said.push('writes nothing');
        await closing;
      },
      onRetired: (next) => said.push(`retired by ${next?.url ?? next?.builtAtMs ?? 'nobody'}`),
      onDenied: (error) => said.push(`denied: ${String(error)}`),
    });
    lifetime.begin();
    lifetime.meet(options.builtAtMs ?? 1);
    return { lifetime, said };
  }
  async function pass(ms: number): Promise<void> {
    await settled();
    clock.advance(ms);
    await settled();
  }
  return { locks, channels, clock, open, most, start, pass };
}

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
