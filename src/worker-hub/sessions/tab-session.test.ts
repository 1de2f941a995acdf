import { afterEach, describe, expect, it } from 'vitest';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { HubStatus } from '../../protocol/tab/hub-api.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { FakeFeed } from '../test-support/fake-feed.ts';
import { FakeLocks } from '../test-support/fake-locks.ts';
import { FakeTab } from '../test-support/fake-tab.ts';
import { SessionSet } from './session-set.ts';
import { type HubCommands, TabSession } from './tab-session.ts';

const HUB_HELLO = { bootId: 'b', contract: TAB_CONTRACT_VERSION, lockName: 'hub-alive-b' };
const CHANGES = [{ kind: 'attention' }] as const;
const COMMANDS = { status: () => ({}) as HubStatus } as HubCommands;

const tabs: FakeTab[] = [];
afterEach(() => {
  for (const tab of tabs.splice(0)) tab.close();
});

function createSessions({ hasLocks = true, untilReady = Promise.resolve() } = {}) {
  const locks = new FakeLocks();
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const sessions = new SessionSet({ clock, onError: (error) => errors.push(error) });
  const feeds: FakeFeed[] = [];
  let shown = 0;
  function connect(id: string): FakeTab & { die(): void } {
    const tab = Object.assign(new FakeTab(id), { die: locks.take(`tab:${id}`) });
    tabs.push(tab);
    void new TabSession({
      port: tab.hubPort,
      commands: COMMANDS,
      hubHello: HUB_HELLO,
      untilReady,
      locks: hasLocks ? locks : undefined,
      createFeed: () => {
        const feed = new FakeFeed();
        feeds.push(feed);
        return feed;
      },
      onHello: (session) => sessions.add(session),
      onShown: () => (shown += 1),
      onGone: (session) => sessions.delete(session),
    });
    return tab;
  }
  return { clock, sessions, connect, locks, feeds, errors, shown: () => shown };
}

describe('TabSession', () => {
  it('answers hello with the boot of the hub and the lock to watch', async () => {
    const { connect, sessions } = createSessions();
    const tab = connect('a');
    expect(sessions.size).toBe(0);
    expect(await tab.hello()).toEqual(HUB_HELLO);
    await tab.hello();
    expect(sessions.size).toBe(1);
  });

  it('does not answer hello before the hub can be watched', async () => {
    let beReady = (): void => undefined;
    const untilReady = new Promise<void>((resolve) => {
      beReady = resolve;
    });
    const { connect, sessions } = createSessions({ untilReady });
    const tab = connect('a');
    const answer = tab.hello();
    await tab.settle();
    expect(sessions.size).toBe(0);
    beReady();
    expect(await answer).toEqual(HUB_HELLO);
    expect(sessions.size).toBe(1);
  });

  it('goes by what a tab said last of being seen, also before hello was answered', async () => {
    let beReady = (): void => undefined;
    const untilReady = new Promise<void>((resolve) => {
      beReady = resolve;
    });
    const { connect } = createSessions({ untilReady });
    const tab = connect('a');
    const answer = tab.hello({ visible: false });
    await tab.hub.setVisible(true);
    beReady();
    await answer;
    await tab.hub.subscribe(1, { view: 'roster' });
    await tab.settle();
    expect(tab.frames).toHaveLength(1);
  });

  it('tells a tab of another version to reload, and gives it no views', async () => {
    const { connect, sessions } = createSessions();
    const tab = connect('a');
    expect(await tab.hello({ contract: TAB_CONTRACT_VERSION + 1 })).toEqual(HUB_HELLO);
    expect(tab.words).toEqual([{ word: 'retired', text: expect.stringContaining('Reload') }]);
    await expect(tab.hub.subscribe(1, { view: 'roster' })).rejects.toThrow(/reload/);
    expect(sessions.size).toBe(0);
  });

  it('streams a view on the port of the commands', async () => {
    const { connect, clock, sessions } = createSessions();
    const tab = connect('a');
    await tab.hello();
    await tab.open(4, { view: 'attention' });
    sessions.note(CHANGES);
    clock.advance(0);
    await tab.until(() => tab.frames.length === 2);
    expect(tab.frames).toEqual([
      { stream: 4, generation: 1, number: 0, view: 'attention', snapshot: expect.anything() },
      { stream: 4, generation: 1, number: 1, view: 'attention', patches: [FakeFeed.PATCH] },
    ]);
    expect(tab.view<'attention'>(4)?.head.openReviews).toBe(1);
    await tab.settle();
    expect(sessions.streams()).toEqual([{ tab: 1, view: 'attention', unacknowledged: 0, state: 'live' }]);
    await tab.hub.unsubscribe(4);
    expect(sessions.streams()).toEqual([]);
  });

  it('gives a hidden tab its views when it is shown, and says that it is', async () => {
    const { connect, shown } = createSessions();
    const tab = connect('a');
    await tab.hello({ visible: false });
    await tab.hub.subscribe(1, { view: 'roster' });
    await tab.settle();
    expect([tab.frames.length, shown()]).toEqual([0, 0]);
    await tab.hub.setVisible(true);
    await tab.settle();
    expect([tab.frames.length, shown()]).toEqual([1, 1]);
    await tab.hub.setVisible(false);
    expect(shown()).toBe(1);
  });

  it('wakes a stream that ran out of credit when the tab acknowledges', async () => {
    const { connect, clock, sessions } = createSessions();
    const tab = connect('a');
    tab.isPrompt = false;
    await tab.hello();
    await tab.open(1, { view: 'roster' });
    for (let times = 0; times < 80; times += 1) {
      sessions.note(CHANGES);
      clock.advance(50);
    }
    await tab.settle();
    expect(tab.frames).toHaveLength(50);
    tab.acknowledge(tab.frames[10] ?? expect.fail());
    await tab.until(() => tab.frames.length === 51);
    expect(tab.frames[50]).toMatchObject({ generation: 2, number: 0 });
  });

  it('ends with the word of the tab', async () => {
    const { connect, sessions, locks } = createSessions();
    const tab = connect('a');
    const other = connect('b');
    await tab.hello();
    await other.hello();
    expect(locks.size).toBe(4);
    void tab.hub.bye();
    await other.settle();
    expect(sessions.size).toBe(1);
    expect(locks.size).toBe(3);
  });

  it('ends when the lock of the tab is free, because the tab has died', async () => {
    const { connect, sessions, locks } = createSessions();
    const tab = connect('a');
    await tab.hello();
    await tab.open(1, { view: 'roster' });
    await tab.settle();
    expect(sessions.size).toBe(1);
    tab.die();
    const other = connect('b');
    await other.settle();
    other.die();
    await other.settle();
    expect([sessions.size, sessions.streams(), locks.size]).toEqual([0, [], 0]);
  });

  it('serves a tab also where there are no locks', async () => {
    const { connect, sessions } = createSessions({ hasLocks: false });
    const made = connect('a');
    await made.hello();
    expect(sessions.size).toBe(1);
  });
});

describe('SessionSet', () => {
  it('sends at once, and then at most one batch in 50 ms', async () => {
    const { connect, clock, sessions } = createSessions({ hasLocks: false });
    const tab = connect('a');
    await tab.hello();
    await tab.open(1, { view: 'roster' });
    const counts: number[] = [];
    for (let at = 0; at < 200; at += 10) {
      sessions.note(CHANGES);
      clock.advance(10);
      await tab.settle();
      counts.push(tab.frames.length - 1);
    }
    expect(counts).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5]);
  });

  it('sets no timer for what nobody looks at', async () => {
    const { clock, sessions, connect } = createSessions({ hasLocks: false });
    sessions.note(CHANGES);
    const tab = connect('a');
    await tab.hello();
    sessions.note(CHANGES);
    sessions.note([]);
    expect(clock.pending).toBe(0);
  });

  it('tells all tabs a word', async () => {
    const { sessions, connect } = createSessions({ hasLocks: false });
    const both = [connect('a'), connect('b')];
    for (const tab of both) await tab.hello();
    sessions.say({ word: 'error', text: 'Something broke.' });
    for (const tab of both) await tab.until(() => tab.words.length === 1);
    expect(both.map(({ words }) => words)).toEqual(both.map(() => [{ word: 'error', text: 'Something broke.' }]));
  });

  it('ends a session that fails, and goes on with the others', async () => {
    const { sessions, connect, feeds, clock, errors } = createSessions({ hasLocks: false });
    const both = [connect('a'), connect('b')];
    for (const tab of both) await tab.hello();
    for (const tab of both) await tab.open(1, { view: 'roster' });
    const broken = feeds[0] ?? expect.fail();
    broken.takePatches = () => {
      throw new Error('broken');
    };
    sessions.note(CHANGES);
    clock.advance(0);
    await both[1]?.until(() => both[1]?.frames.length === 2);
    expect([sessions.size, errors]).toEqual([1, [new Error('broken')]]);
    await both[0]?.until(() => both[0]?.words.length === 1);
    // It would wait for the hub for ever otherwise, and show what it knew last as if it were live.
    expect(both[0]?.words).toEqual([{ word: 'retired', text: expect.stringContaining('Reload') }]);
  });

  it('ends all', async () => {
    const { sessions, connect } = createSessions({ hasLocks: false });
    for (const id of ['a', 'b']) await connect(id).hello();
    sessions.end();
    expect(sessions.size).toBe(0);
  });

  it('holds nothing after a thousand tabs', async () => {
    const { sessions, connect, clock, locks } = createSessions();
    for (let n = 0; n < 1_000; n += 1) {
      const tab = connect(`t${n}`);
      await tab.hello();
      await tab.open(1, { view: 'roster' });
      sessions.note(CHANGES);
      if (n % 2 === 0) void tab.hub.bye();
      tab.die();
    }
    const last = connect('last');
    await last.settle();
    last.die();
    await last.settle();
    expect([sessions.size, sessions.streams(), locks.size, clock.pending]).toEqual([0, [], 0, 0]);
  });
});
