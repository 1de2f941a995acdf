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

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  open(): MessagePort {
    const channel = new MessageChannel();
    this.port = channel.port1;
    this.port.addEventListener('message', ({ data }) => 'ack' in data && this.acks.push(data.ack));
    expose(
      {
        hello: (hello: unknown) => {
          this.calls.push(['hello', hello]);
          return { bootId: this.bootId, contract: TAB_CONTRACT_VERSION, lockName: `hub-alive-${this.bootId}` };
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

function setUp(locks = new FakeLocks()) {
  const hubs = [new FakeHub('first')];
  const states: HubConnectionState[] = [];
  const errors: string[] = [];
  const timers = new Set<() => void>();
  let notify = (): void => undefined;
  const connection = new HubConnection({
    openPort: () => (hubs.at(-1) as FakeHub).open(),
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
  return { hubs, locks, states, errors, timers, connection, connectedTo, until };
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
    const { hubs, locks, connection, connectedTo, states } = setUp();
    const view = connection.openView({ view: 'roster' }, () => undefined);
    connection.openView({ view: 'reviews' }, () => undefined).close();
    await connectedTo('first');
    const underWay = connection.command((api) => api.read('demo: self', 'x'));
    const second = new FakeHub('second');
    hubs.push(second);
    locks.waiting.get('hub-alive-first')?.();
    await expect(underWay).rejects.toThrow(HubLostError);
    await connectedTo('second');
    await connection.command((api) => api.status());
    expect(second.calls.slice(1)).toEqual([['subscribe', 1, { view: 'roster' }]]);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'lost', 'connecting', 'connected']);
    view.acknowledge(3, 4);
    await connection.command((api) => api.status());
    expect(second.acks).toEqual([{ stream: 1, generation: 3, number: 4 }]);
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

  it('tells a hub that retired from one that only made a mistake', async () => {
    const { hubs, states, errors, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'error', text: 'A bug.' });
    await until(() => errors.length > 0);
    expect([errors, states.at(-1)?.kind]).toEqual([['A bug.'], 'connected']);
    hubs[0]?.port?.postMessage({ word: 'retired', text: 'Reload this page.' });
    await until(() => states.at(-1)?.kind === 'retired');
    expect(states.at(-1)).toEqual({ kind: 'retired', text: 'Reload this page.' });
  });
});
