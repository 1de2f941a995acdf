import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import type { StreamFrame } from '../../protocol/tab/stream.ts';
import { HubConnection, HubLostError } from './hub-connection.ts';
import type { HubConnectionState, LockRequester } from './hub-connection.ts';

/** A hub at the other end of a real port: it answers `hello`, remembers what it was asked, and can be killed. */
class FakeHub {
  readonly calls: unknown[] = [];
  readonly acks: unknown[] = [];
  port: MessagePort | undefined;

  readonly bootId: string;
  readonly contract: number;

  constructor(bootId: string, contract = TAB_CONTRACT_VERSION) {
    this.bootId = bootId;
    this.contract = contract;
  }

  open(): MessagePort {
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.addEventListener('message', ({ data }) => 'ack' in data && this.acks.push(data.ack));
    expose(
      {
        hello: (hello: unknown) => {
          this.calls.push(['hello', hello]);
          return { bootId: this.bootId, contract: this.contract, lockName: `hub-alive-${this.bootId}` };
        },
        subscribe: (stream: number, view: ViewRequest) => void this.calls.push(['subscribe', stream, view]),
        unsubscribe: (stream: number) => void this.calls.push(['unsubscribe', stream]),
        setVisible: (visible: boolean) => void this.calls.push(['setVisible', visible]),
        bye: () => void this.calls.push(['bye']),
        read: () => new Promise(() => undefined),
        status: () => ({ bootId: this.bootId }),
      },
      this.port,
    );
    return channel.port2;
  }
}

/** Locks of one browser: what is asked for a hub's lock is granted when that hub is killed. */
class FakeLocks implements LockRequester {
  readonly held: string[] = [];
  readonly waiting = new Map<string, () => void>();
  /** What happened before a tab's own lock was granted, if a test makes it wait. */
  grant: Promise<void> = Promise.resolve();

  request(
    name: string,
    options: { mode?: string; signal?: AbortSignal },
    callback: () => Promise<unknown> | undefined,
  ) {
    if (options.mode === 'exclusive') {
      return this.#hold(name, callback);
    }
    return new Promise((resolve, reject) => {
      this.waiting.set(name, () => resolve(callback()));
      options.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
  }

  async #hold(name: string, callback: () => Promise<unknown> | undefined): Promise<unknown> {
    await this.grant;
    this.held.push(name);
    return callback();
  }
}

const open: { connection: HubConnection; hubs: FakeHub[] }[] = [];
afterEach(() => {
  for (const { connection, hubs } of open.splice(0)) {
    connection.close();
    for (const hub of hubs) hub.port?.close();
  }
});

function setUp(locks = new FakeLocks(), contract = TAB_CONTRACT_VERSION) {
  const hubs = [new FakeHub('first', contract)];
  /** The address asked for with each port, and how to say that its script did not load. */
  const asked: { readonly url: string | undefined; readonly fail: () => void }[] = [];
  const states: HubConnectionState[] = [];
  const errors: string[] = [];
  const timers = new Set<() => void>();
  let notify = (): void => undefined;
  const connection = new HubConnection({
    openPort: (url, fail) => {
      asked.push({ url, fail });
      return (hubs.at(-1) as FakeHub).open();
    },
    locks,
    tabId: 't1',
    builtAtMs: 7,
    isVisible: () => true,
    setTimer: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    onHubError: (text) => {
      errors.push(text);
      notify();
    },
    onState: (state) => {
      states.push(state);
      notify();
    },
  });
  open.push({ connection, hubs });
  /** Resolves once the connection is in a state of this kind with this hub. */
  function connectedTo(bootId: string): Promise<void> {
    const is = (): boolean => states.some((state) => state.kind === 'connected' && state.hub.bootId === bootId);
    return new Promise((resolve) => {
      notify = () => is() && resolve();
      notify();
    });
  }
  /** Resolves once `isSo` holds, which is looked at whenever the connection says something. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      notify = () => isSo() && resolve();
      notify();
    });
  }
  return { hubs, asked, locks, states, errors, timers, connection, connectedTo, until };
}

/** Lets every timer ring that is set now, not those that this sets. */
function fireAll(timers: ReadonlySet<() => void>): void {
  const now = [...timers];
  for (const fire of now) fire();
}

describe('HubConnection', () => {
  it('greets the hub, holds its own lock, and stops waiting once answered', async () => {
    const { hubs, locks, timers, connectedTo } = setUp();
    await connectedTo('first');
    expect(hubs[0]?.calls).toEqual([
      ['hello', { tabId: 't1', lockName: 'tab:t1', contract: TAB_CONTRACT_VERSION, builtAtMs: 7, visible: true }],
    ]);
    expect(locks.held).toEqual(['tab:t1']);
    expect(timers.size).toBe(0);
  });

  it('says hello only when it holds its own lock: a hub that could have it would take the tab for dead', async () => {
    const locks = new FakeLocks();
    let grant = (): void => undefined;
    locks.grant = new Promise((resolve) => {
      grant = resolve;
    });
    const { hubs, connection, connectedTo } = setUp(locks);
    await connection.command((api) => api.status());
    expect(hubs[0]?.calls).toEqual([]);
    grant();
    await connectedTo('first');
    expect(locks.held).toEqual(['tab:t1']);
  });

  it('delivers the frames of a view to its listener and acknowledges on the same port', async () => {
    const { hubs, connection, connectedTo } = setUp();
    const frame: StreamFrame = {
      stream: 1,
      generation: 1,
      number: 0,
      view: 'reviews',
      snapshot: { head: { open: 0 }, entities: { reviews: {} } },
    };
    const got = new Promise<StreamFrame>((resolve) => {
      connection.openView({ view: 'reviews' }, resolve);
    });
    await connectedTo('first');
    hubs[0]?.port?.postMessage(frame);
    expect(await got).toEqual(frame);
    await connection.command((api) => api.status());
    expect(hubs[0]?.calls.at(-1)).toEqual(['subscribe', 1, { view: 'reviews' }]);
  });

  it('reaches a new hub and subscribes everything anew when the hub dies; what was under way fails with a sentence', async () => {
    const { hubs, locks, connection, connectedTo, states, timers } = setUp();
    const view = connection.openView({ view: 'roster' }, () => undefined);
    connection.openView({ view: 'reviews' }, () => undefined).close();
    await connectedTo('first');
    const underWay = connection.command((api) => api.read('demo: self', 'x'));
    const second = new FakeHub('second');
    hubs.push(second);
    locks.waiting.get('hub-alive-first')?.();
    expect(states.at(-1)?.kind).toBe('connected');
    const [reopen] = timers;
    reopen?.();
    await expect(underWay).rejects.toThrow(HubLostError);
    await connectedTo('second');
    await connection.command((api) => api.status());
    expect(second.calls.slice(1)).toEqual([['subscribe', 1, { view: 'roster' }]]);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'lost', 'connecting', 'connected']);
    view.acknowledge(3, 4);
    await connection.command((api) => api.status());
    expect(second.acks).toEqual([{ stream: 1, generation: 3, number: 4 }]);
  });

  it('does not let a command wait for ever that comes between two hubs, or after the last', async () => {
    const { hubs, locks, timers, states, connection, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs.push(new FakeHub('second'));
    locks.waiting.get('hub-alive-first')?.();
    let between: Promise<unknown> | undefined;
    void until(() => {
      if (states.at(-1)?.kind === 'connecting') between ??= connection.command((api) => api.status());
      return between !== undefined;
    });
    fireAll(timers);
    await expect(between).rejects.toBeInstanceOf(HubLostError);
    await connectedTo('second');
    connection.close();
    await expect(connection.command((api) => api.status())).rejects.toBeInstanceOf(HubLostError);
  });

  it('takes a hub that does not answer for dead', async () => {
    const { hubs, timers, connectedTo, states } = setUp();
    hubs.push(new FakeHub('second'));
    const [fire] = timers;
    fire?.();
    await connectedTo('second');
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'lost', 'connecting', 'connected']);
  });

  it('tells the hub what it should know', async () => {
    const { hubs, connection, connectedTo } = setUp();
    await connectedTo('first');
    connection.setVisible(false);
    const view = connection.openView({ view: 'roster' }, () => undefined);
    view.resubscribe();
    view.close();
    connection.close();
    await new Promise<void>((resolve) => {
      hubs[0]?.port?.addEventListener('message', () => hubs[0]?.calls.length === 6 && resolve());
      if (hubs[0]?.calls.length === 6) resolve();
    });
    expect(hubs[0]?.calls.slice(1)).toEqual([
      ['setVisible', false],
      ['subscribe', 1, { view: 'roster' }],
      ['subscribe', 1, { view: 'roster' }],
      ['unsubscribe', 1],
      ['bye'],
    ]);
  });

  it('goes on at the hub that took over, and keeps to it when that dies', async () => {
    const { hubs, asked, locks, timers, connection, connectedTo, states } = setUp();
    connection.openView({ view: 'roster' }, () => undefined);
    await connectedTo('first');
    const newer = new FakeHub('newer');
    hubs.push(newer);
    hubs[0]?.port?.postMessage({ word: 'moved', url: 'http://a/newer.js' });
    await connectedTo('newer');
    await connection.command((api) => api.status());
    expect(newer.calls.slice(1)).toEqual([['subscribe', 1, { view: 'roster' }]]);
    hubs.push(new FakeHub('again'));
    locks.waiting.get('hub-alive-newer')?.();
    [...timers].at(-1)?.();
    await connectedTo('again');
    expect(asked.map(({ url }) => url)).toEqual([undefined, 'http://a/newer.js', 'http://a/newer.js']);
    // The old one is not missed: its end is no news any more.
    locks.waiting.get('hub-alive-first')?.();
    expect(states.map(({ kind }) => kind)).toEqual([
      'connecting',
      'connected',
      'connecting',
      'connected',
      'lost',
      'connecting',
      'connected',
    ]);
  });

  it('returns to the hub of its own page where that of another does not load or answer', async () => {
    const { hubs, asked, timers, connectedTo } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'moved', url: 'http://a/newer.js' });
    hubs.push(new FakeHub('second'));
    await connectedTo('second');
    hubs[1]?.port?.postMessage({ word: 'moved', url: 'http://a/newest.js' });
    const silent = new FakeHub('silent');
    silent.open = () => new MessageChannel().port2;
    hubs.push(silent);
    await new Promise<void>((resolve) => {
      const look = (): unknown => (asked.at(-1)?.url === 'http://a/newest.js' ? resolve() : setTimeout(look));
      look();
    });
    hubs.push(new FakeHub('own'));
    fireAll(timers);
    await connectedTo('own');
    const before = asked.length;
    hubs[3]?.port?.postMessage({ word: 'moved', url: 'http://a/gone.js' });
    hubs.push(silent);
    await new Promise<void>((resolve) => {
      const look = (): unknown => (asked.length > before ? resolve() : setTimeout(look));
      look();
    });
    hubs.push(new FakeHub('own again'));
    asked.at(-1)?.fail();
    await connectedTo('own again');
    expect(asked.map(({ url }) => url).slice(-4)).toEqual([
      'http://a/newest.js',
      undefined,
      'http://a/gone.js',
      undefined,
    ]);
  });

  it('says that its own hub does not load, and tries it again', async () => {
    const { hubs, asked, timers, connectedTo, states } = setUp();
    const silent = new FakeHub('silent');
    silent.open = () => new MessageChannel().port2;
    hubs.push(silent);
    fireAll(timers);
    asked.at(-1)?.fail();
    expect(states.at(-1)).toEqual({ kind: 'unreachable' });
    const said = states.length;
    fireAll(timers);
    expect(states.length).toBe(said);
    hubs.push(new FakeHub('back'));
    fireAll(timers);
    await connectedTo('back');
    asked.at(-1)?.fail();
    expect(states.slice(said).map(({ kind }) => kind)).toEqual(['connected']);
  });

  it('says that the hub is in another tab, until it is here', async () => {
    const { hubs, states, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'standby' });
    await until(() => states.at(-1)?.kind === 'standby');
    hubs[0]?.port?.postMessage({ word: 'active' });
    await until(() => states.at(-1)?.kind === 'connected');
    expect(states.at(-1)).toMatchObject({ kind: 'connected', isActive: true, hub: { bootId: 'first' } });
  });

  it('does not talk to a hub of another contract, and asks for no other', async () => {
    const { hubs, asked, states, locks, connection, until } = setUp(new FakeLocks(), TAB_CONTRACT_VERSION + 1);
    connection.openView({ view: 'roster' }, () => undefined);
    await until(() => states.at(-1)?.kind === 'retired');
    expect(states.at(-1)).toMatchObject({ kind: 'retired', text: expect.stringContaining('different versions') });
    await expect(connection.command((api) => api.status())).rejects.toThrow('different versions');
    locks.waiting.get('hub-alive-first')?.();
    expect([asked.length, hubs[0]?.calls.length]).toEqual([1, 1]);
  });

  it('tells a hub that retired from one that only made a mistake, and stays with neither', async () => {
    const { hubs, asked, locks, states, errors, connection, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'error', text: 'A bug.' });
    await until(() => errors.length > 0);
    expect([errors, states.at(-1)?.kind]).toEqual([['A bug.'], 'connected']);
    hubs[0]?.port?.postMessage({ word: 'retired', text: 'Reload this page.' });
    await until(() => states.at(-1)?.kind === 'retired');
    expect(states.at(-1)).toEqual({ kind: 'retired', text: 'Reload this page.' });
    locks.waiting.get('hub-alive-first')?.();
    await expect(connection.command((api) => api.status())).rejects.toThrow('Reload this page.');
    expect(asked.length).toBe(1);
  });
});
