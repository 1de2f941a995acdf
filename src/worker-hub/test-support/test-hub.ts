import { createHub, type Hub } from '../create-hub.ts';
import { MemorySettingsStore } from '../settings/memory-settings-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { FailureProbes } from '../sources/find-failure.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLocks } from './fake-locks.ts';
import { FakeSockets } from './fake-sockets.ts';
import { FakeTab } from './fake-tab.ts';

/** What a test may bring itself. */
export interface TestHubOptions {
  readonly locks?: FakeLocks;
  readonly openStore?: () => Promise<SettingsStore>;
  readonly loadDemo?: () => Promise<string>;
}

/** A whole hub with nothing real around it. */
export class TestHub {
  readonly clock = new FakeClock();
  readonly sockets = new FakeSockets();
  readonly locks: FakeLocks;
  readonly hub: Hub;
  readonly probes: FailureProbes = {
    pageOrigin: 'http://localhost:7400',
    isOnline: () => true,
    permission: async () => undefined,
    answers: async () => false,
  };
  readonly #tabs: { readonly tab: FakeTab; readonly die: () => void }[] = [];

  constructor(options: TestHubOptions = {}) {
    const { clock, sockets, probes } = this;
    const { openStore = async () => new MemorySettingsStore(), loadDemo = async () => '' } = options;
    const locks = options.locks ?? new FakeLocks();
    this.locks = locks;
    let ids = 0;
    const newId = (): string => `id-${(ids += 1)}`;
    const random = (): number => 0.5;
    this.hub = createHub({ clock, openSocket: sockets.open, probes, locks, random, newId, loadDemo, openStore });
  }

  /** A tab that has introduced itself. */
  async openTab(id = 'one'): Promise<FakeTab> {
    const tab = new FakeTab(id);
    this.#tabs.push({ tab, die: this.locks.take(tab.lockName) });
    this.hub.connect(tab.hubPort);
    await tab.hello();
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
