import { describe, expect, it } from 'vitest';
import { UpdateFlow } from './update-flow.ts';
import type { NextWorker, ServiceWorkerRegistrar, UpdateState } from './update-flow.ts';

const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));

interface PageOptions {
  readonly hasServiceWorker?: boolean;
  readonly isVisible?: boolean;
  /** Whether the page came from the server, and is what it serves now. */
  readonly isServedNow?: boolean;
  /** What the tab remembers of its reloads. */
  readonly memory?: Map<string, string>;
}

class FakeWorker implements NextWorker {
  state = 'installing';
  readonly #listeners: (() => void)[] = [];
  addEventListener(_type: string, listener: () => void): void {
    this.#listeners.push(listener);
  }
  become(state: string): void {
    this.state = state;
    for (const tell of this.#listeners) tell();
  }
}

async function openPage(options: PageOptions = {}) {
  const { hasServiceWorker = true, isVisible = true, isServedNow = false, memory = new Map() } = options;
  const listeners = new Map<string, (event: { isUpdate?: boolean }) => void>();
  const log: string[] = [];
  const page = { isVisible };
  const registration = {
    active: {} as unknown,
    waiting: null as FakeWorker | null,
    installing: null as FakeWorker | null,
    /** What the server has to offer. */
    found: null as FakeWorker | null,
    async update() {
      log.push('update');
      registration.installing = registration.found;
    },
  };
  const workbox: ServiceWorkerRegistrar = {
    addEventListener: (type, listener) => void listeners.set(type, listener),
    register: async () => {
      log.push('register');
      return registration;
    },
    messageSkipWaiting: () => void log.push('skip waiting'),
  };
  const states: UpdateState[] = [];
  const flow = new UpdateFlow({
    loadRegistrar: async () => (hasServiceWorker ? workbox : undefined),
    builtAtMs: 7,
    storage: { getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => void memory.set(key, value) },
    isVisible: () => page.isVisible,
    isServedNow: async () => isServedNow,
    reload: () => log.push('reload'),
    onState: (state) => states.push(state),
  });
  await flow.start();
  const fire = (type: string, event = {}): void => listeners.get(type)?.(event);
  function hide(): void {
    page.isVisible = false;
    flow.hidden();
  }
  return { flow, fire, hide, log, states, registration, memory };
}

describe('UpdateFlow', () => {
  it('asks when a new version waits, and lets it take over only when told to', async () => {
    const page = await openPage();
    page.registration.waiting = new FakeWorker();
    page.fire('waiting');
    await settled();
    expect([page.states, page.log]).toEqual([[{ kind: 'ready' }], ['register']]);
    page.hide();
    await settled();
    expect(page.log).toEqual(['register']);
    void page.flow.reload();
    await settled();
    expect(page.log).toEqual(['register', 'skip waiting']);
    page.fire('controlling', { isUpdate: true });
    expect(page.log.at(-1)).toBe('reload');
  });

  it('says nothing where the page is that version already, after a hard reload', async () => {
    const page = await openPage({ isServedNow: true });
    page.registration.waiting = new FakeWorker();
    page.fire('waiting');
    await settled();
    expect([page.states, page.log]).toEqual([[], ['register']]);
  });

  it('does nothing when the first version of all waits and takes over', async () => {
    const page = await openPage({ isVisible: false });
    page.registration.active = null;
    page.fire('waiting');
    page.fire('controlling', { isUpdate: false });
    await settled();
    expect([page.states, page.log]).toEqual([[], ['register']]);
  });

  it('reloads a tab that another one has updated once nobody looks at it', async () => {
    const page = await openPage();
    page.fire('controlling', { isUpdate: true });
    expect(page.states).toEqual([{ kind: 'in-charge' }]);
    await settled();
    expect(page.log).not.toContain('reload');
    page.hide();
    await settled();
    expect(page.log.at(-1)).toBe('reload');
  });

  it('reloads it at once where nobody looks, or when its user says so', async () => {
    const hidden = await openPage({ isVisible: false });
    hidden.fire('controlling', { isUpdate: true });
    await settled();
    expect(hidden.log.at(-1)).toBe('reload');
    const asked = await openPage();
    asked.fire('controlling', { isUpdate: true });
    await asked.flow.reload();
    expect(asked.log.at(-1)).toBe('reload');
  });

  it('gets the version that is needed first, and reloads when it is in charge', async () => {
    const page = await openPage();
    const found = new FakeWorker();
    page.registration.found = found;
    page.flow.need('The hub is newer.');
    expect(page.states).toEqual([{ kind: 'needed', text: 'The hub is newer.' }]);
    page.hide();
    await settled();
    expect(page.log).toEqual(['register', 'update']);
    found.become('installed');
    await settled();
    expect(page.log.at(-1)).toBe('skip waiting');
    // This page came before any version was in charge of it, so that nobody tells it of the new one.
    found.become('activated');
    await settled();
    expect(page.log.at(-1)).toBe('reload');
  });

  it('reloads all the same where no version can be installed', async () => {
    const failed = await openPage();
    const found = new FakeWorker();
    failed.registration.found = found;
    failed.flow.need('The hub is newer.');
    const reloading = failed.flow.reload();
    await settled();
    found.become('redundant');
    await reloading;
    expect(failed.log.at(-1)).toBe('reload');
    const offline = await openPage();
    offline.registration.update = () => Promise.reject(new TypeError('Failed to fetch'));
    await offline.flow.reload();
    expect(offline.log).toEqual(['register', 'reload']);
    const without = await openPage({ hasServiceWorker: false, isVisible: false });
    without.flow.need('The hub is newer.');
    await settled();
    expect(without.log).toEqual(['reload']);
  });

  it('reloads by itself once for each build, and as often as the user wants', async () => {
    const memory = new Map<string, string>();
    const first = await openPage({ isVisible: false, memory });
    first.flow.need('The hub is newer.');
    await settled();
    expect(first.log.at(-1)).toBe('reload');
    const again = await openPage({ isVisible: false, memory });
    again.flow.need('The hub is newer.');
    await settled();
    expect(again.log).toEqual(['register']);
    await again.flow.reload();
    expect(again.log.at(-1)).toBe('reload');
  });

  it('leaves it where nothing can be remembered', async () => {
    const memory = new Map<string, string>();
    memory.get = () => {
      throw new DOMException('no', 'SecurityError');
    };
    const page = await openPage({ isVisible: false, memory });
    page.flow.need('The hub is newer.');
    await settled();
    expect(page.log).toEqual(['register']);
  });

  it('says nothing more of a need that has passed, and keeps to it where another version comes', async () => {
    const page = await openPage();
    page.flow.need('The hub does not load.');
    page.fire('waiting');
    page.fire('controlling', { isUpdate: true });
    expect(page.states.map(({ kind }) => kind)).toEqual(['needed']);
    page.flow.need(undefined);
    page.flow.need(undefined);
    expect(page.states.map(({ kind }) => kind)).toEqual(['needed', 'none']);
  });
});
