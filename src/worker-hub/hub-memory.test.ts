import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { TAB_CONTRACT_VERSION } from '../protocol/tab/contract-version.ts';
import type { FakeTab } from './test-support/fake-tab.ts';
import { TestHub } from './test-support/test-hub.ts';

const SOURCE_ID = 'ws://localhost:7400/ws';
const PRODUCERS = 20;
const TIMES = 1000;
/** So often before the first measurement: what is compiled and cached once is no leak. */
const WARM_UP = 150;
const ALLOWED_BYTES = 2 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is in use once everything that nobody needs is gone. */
async function heldBytes(): Promise<number> {
  for (let times = 0; times < 4; times += 1) {
    // Ports and weak references are let go between turns.
    await new Promise(setImmediate);
    collect();
  }
  return process.memoryUsage().heapUsed;
}

const RUN = { view: 'run', producer: producerKey(SOURCE_ID, 'p0') } as const;

function greeting(): Record<string, unknown> {
  const events = Array.from({ length: PRODUCERS }, (_, n) => {
    const of = (sequence: number) => ({ producerId: `p${n}`, sequence });
    return [envelope(of(1), SAID.runStarted()), envelope(of(2), SAID.taskStarted())];
  });
  const producers = events.map((_, n) => ({ producerId: `p${n}` }));
  return { type: 'hub_hello', producers, snapshotTrace: events.flat() };
}

/**
 * A tab that speaks to its hub in Comlink's words itself: what `wrap` makes is never let go of in the process that made it, as long
 * as it is reachable from its own port.
 */
class PassingTab {
  readonly hubPort: MessagePort;
  readonly #port: MessagePort;
  readonly #answers = new Map<string, () => void>();
  #calls = 0;
  #snapshots = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.hubPort = port2;
    port1.addEventListener('message', ({ data }: MessageEvent<{ id?: string; snapshot?: unknown }>) => {
      this.#answers.get(data.id ?? '')?.();
      if (data.snapshot !== undefined) this.#snapshots += 1;
    });
    port1.start();
  }

  get snapshots(): number {
    return this.#snapshots;
  }

  call(command: string, ...values: readonly unknown[]): Promise<void> {
    const id = `call ${(this.#calls += 1)}`;
    const argumentList = values.map((value) => ({ type: 'RAW', value }));
    this.#port.postMessage({ id, type: 'APPLY', path: [command], argumentList });
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  close(): void {
    this.#port.close();
  }
}

/** A hub with a relay behind it, and what is done to it over and over. */
class Treadmill {
  readonly test = new TestHub();
  tab: FakeTab | undefined;

  async begin(): Promise<void> {
    const tab = await this.test.openTab('keeper');
    this.tab = tab;
    await this.test.pass(0);
    await tab.hub.addSource('localhost:7400');
    this.greet();
    await this.test.pass(50);
  }

  greet(): void {
    this.test.sockets.last.accept();
    this.test.sockets.last.say(greeting());
  }

  /** A tab comes, looks, and goes: with a word or without. */
  async session(n: number): Promise<void> {
    const tab = new PassingTab();
    const lockName = `tab:${n}`;
    const die = this.test.locks.take(lockName);
    this.test.hub.connect(tab.hubPort);
    const hello = { tabId: `${n}`, lockName, contract: TAB_CONTRACT_VERSION, builtAtMs: 0, visible: true };
    await tab.call('hello', hello);
    await tab.call('subscribe', 1, { view: 'roster' });
    await tab.call('subscribe', 2, RUN);
    expect(tab.snapshots).toBe(2);
    // Nobody answers it: the hub has closed the port by then.
    if (n % 2 === 0) void tab.call('bye');
    await new Promise(setImmediate);
    die();
    tab.close();
  }

  async subscription(n: number): Promise<void> {
    const { tab } = this;
    if (tab === undefined) throw new Error('It has not begun.');
    // The tab of the tests keeps a view for each number it ever had.
    const stream = n % 8;
    await tab.open(stream, n % 2 === 0 ? RUN : { view: 'roster' });
    await tab.hub.unsubscribe(stream);
    tab.frames.length = 0;
  }

  /** The socket ends, another one opens, and the relay repeats everything. */
  reconnection(): void {
    const { sockets, clock } = this.test;
    sockets.last.drop();
    clock.advance(60_000);
    this.greet();
    sockets.opened.splice(0, sockets.opened.length - 1);
  }
}

const hubs: TestHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.end();
});

async function treadmill(): Promise<Treadmill> {
  const mill = new Treadmill();
  hubs.push(mill.test);
  await mill.begin();
  return mill;
}

describe('a hub for a long time', { timeout: 120_000 }, () => {
  it.each(['session', 'subscription', 'reconnection'] as const)(
    `holds no more after ${TIMES} times: %s`,
    async (kind) => {
      const mill = await treadmill();
      for (let n = 1; n <= WARM_UP; n += 1) await mill[kind](n);
      const before = await heldBytes();
      for (let n = 1; n <= TIMES; n += 1) await mill[kind](WARM_UP + n);
      expect((await heldBytes()) - before).toBeLessThan(ALLOWED_BYTES);
      const status = await mill.tab?.hub.status();
      expect(status).toMatchObject({ tabs: 1, subscriptions: 0, sources: 1, producers: PRODUCERS });
    },
  );
});
