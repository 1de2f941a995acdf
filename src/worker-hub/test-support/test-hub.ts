import type { TabHello } from '../../protocol/tab/hub-api.ts';
import { createHub, type Hub } from '../create-hub.ts';
import type { HubOutside } from '../hub-outside.ts';
import { MemorySettingsStore } from '../settings/memory-settings-store.ts';
import type { FailureProbes } from '../sources/find-failure.ts';
import { FakeChannels } from './fake-channels.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLocks } from './fake-locks.ts';
import { FakeSockets } from './fake-sockets.ts';
import { FakeTab } from './fake-tab.ts';

/** What a test may bring itself. */
export interface TestHubOptions {
  readonly locks?: FakeLocks;
  readonly openStore?: HubOutside['openStore'];
  readonly loadDemo?: () => Promise<string>;
  /** Of the browser; hubs that share locks share these too. */
  readonly channels?: FakeChannels;
  /** Begins the ids of this hub, which differ from those of another one in the same browser. */
  readonly id?: string;
  /** Of the browser too, if there are several hubs. */
  readonly clock?: FakeClock;
  /** Whether it is in a worker of one tab, which no other tab can reach. */
  readonly isAlone?: boolean;
}

/** A whole hub with nothing real around it. */
export class TestHub {
  readonly clock: FakeClock;
  readonly sockets = new FakeSockets();
  readonly locks: FakeLocks;
  /** Whether the worker was ended. */
  isClosed = false;
  readonly hub: Hub;
  readonly probes: FailureProbes = {
    pageOrigin: 'http://localhost:7400',
    isOnline: () => true,
    permission: async () => undefined,
    answers: async () => false,
  };
  readonly #tabs: { readonly tab: FakeTab; readonly die: () => void }[] = [];

  constructor(options: TestHubOptions = {}) {
    const { id = 'id', isAlone = false, openStore = async () => new MemorySettingsStore() } = options;
    this.clock = options.clock ?? new FakeClock();
    this.locks = options.locks ?? new FakeLocks();
    let ids = 0;
    this.hub = createHub({
      clock: this.clock,
      openSocket: this.sockets.open,
      probes: this.probes,
      locks: this.locks.of(id),
      channel: (options.channels ?? new FakeChannels()).of(id),
      release: { database: 1, name: 'hub', ...(isAlone ? {} : { url: `http://localhost:7400/${id}.js` }) },
      random: () => 0.5,
      build: 'hub-1.js',
      newId: () => `${id}-${(ids += 1)}`,
      loadDemo: options.loadDemo ?? (async () => ''),
      openStore,
      close: () => (this.isClosed = true),
    });
  }

  /** A tab that has introduced itself. */
  async openTab(id = 'one', hello: Partial<TabHello> = {}): Promise<FakeTab> {
    const tab = new FakeTab(id);
    this.#tabs.push({ tab, die: this.locks.take(tab.lockName) });
    this.hub.connect(tab.hubPort);
    await tab.hello(hello);
    return tab;
  }

  /** Lets time pass, and everything arrive that was sent meanwhile. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    for (const { tab } of this.#tabs) await tab.settle();
  }

  /** A tab ends without a word. */
  kill(tab: FakeTab): void {
    const index = this.#tabs.findIndex((each) => each.tab === tab);
    for (const { die } of this.#tabs.splice(index, 1)) die();
    tab.close();
  }

  /** Ends all tabs and the hub. */
  end(): void {
    for (const { tab, die } of this.#tabs.splice(0)) {
      die();
      tab.close();
    }
    this.hub.end();
  }
}
