import type { HubAction } from '../hub/hub-action.ts';
import { openedKey } from '../hub/history-state.ts';
import { readHubBody } from '../hub/read-hub-body.ts';
import { selectHubFigures } from '../hub/select-hub-figures.ts';
import { createViewFeed } from '../hub/views/create-view-feed.ts';
import { TAB_CONTRACT_VERSION } from '../protocol/tab/contract-version.ts';
import type { HubApi, HubHello, HubStatus, Settings, SourceAdded, TabHello } from '../protocol/tab/hub-api.ts';
import type { HistoryKey, OpenedRun } from '../protocol/tab/history-model.ts';
import { DEFAULT_KEEP_LIMITS } from '../protocol/tab/keep-limits.ts';
import type { HubWord } from '../protocol/tab/stream.ts';
import { DemoProcess } from './demo/demo-process.ts';
import { readDemoScript } from './demo/read-demo-script.ts';
import { EventCache } from './cache/event-cache.ts';
import { farewell } from './farewell.ts';
import { guardCommands } from './guard-commands.ts';
import { HubJournal } from './hub-journal.ts';
import type { HubOutside } from './hub-outside.ts';
import type { HubRelease } from './hub-release.ts';
import { Lifetime } from './lifetime.ts';
import { Mind } from './mind.ts';
import { aliveLockName } from './other-hubs.ts';
import { SessionSet } from './sessions/session-set.ts';
import { type HubCommands, TabSession } from './sessions/tab-session.ts';
import { CarefulSettingsStore, type CarefulStoreOptions } from './settings/careful-settings-store.ts';
import { HubSettings } from './settings/hub-settings.ts';
import { DEMO_SOURCE_ID, SourceBook } from './source-book.ts';
import { guardSocket } from './sources/guarded-socket.ts';
import type { SourceListener } from './sources/source-link.ts';
import { SourceSet } from './sources/source-set.ts';

/** The hub, as its entry uses it. */
export interface Hub {
  /** A tab is at the other end of this port. */
  connect(port: MessagePort): void;
  /** The network is back: connects what is not connected. */
  wake(): void;
  /** Something went wrong that nobody has caught. */
  reportError(error: unknown): void;
  /** Closes everything and lets go of the locks, so that the next hub in line takes over. */
  end(): void;
}

/** Puts the hub together and starts it. */
export function createHub(outside: HubOutside): Hub {
  return new WorkerHub(outside);
}

class WorkerHub implements Hub {
  readonly #outside: HubOutside;
  readonly #hubHello: HubHello;
  readonly #startedAtMs: number;
  readonly #journal = new HubJournal();
  readonly #mind: Mind;
  readonly #sources: SourceSet;
  readonly #book: SourceBook;
  readonly #settings: HubSettings;
  readonly #cache: EventCache;
  readonly #sessions: SessionSet;
  readonly #lifetime: Lifetime;
  readonly #commands: HubCommands = guardCommands(this.#createCommands(), () => this.#lifetime.isOver);
  /** What a tab that comes now has to know first: whether the hub is here, or elsewhere for now or for good. */
  #greeting: HubWord | undefined;
  #store: CarefulSettingsStore | undefined;
  #demo: DemoProcess | undefined;

  constructor(outside: HubOutside) {
    const { clock, openSocket, probes } = outside;
    const bootId = outside.newId();
    this.#outside = outside;
    this.#startedAtMs = clock.nowMs();
    this.#hubHello = { bootId, contract: TAB_CONTRACT_VERSION, lockName: aliveLockName(bootId) };
    this.#sessions = new SessionSet({ clock, onError: (error) => this.reportError(error) });
    this.#mind = new Mind(clock, {
      onChanges: (changes) => this.#sessions.note(changes),
      onWrite: ({ sourceId, text }) => this.#sources.send(sourceId, text),
      onLogged: (logged) => this.#cache.note(logged),
    });
    this.#cache = new EventCache({
      clock,
      state: this.#mind.state,
      onHistory: (news) => this.#dispatch({ kind: 'history', ...news }),
      onDeleted: (at) => this.#dispatch({ kind: 'run-deleted', ...at }),
      onNotice: (text) => this.#notice(text),
    });
    this.#sources = new SourceSet({
      clock,
      openSocket: guardSocket(openSocket, () => this.#lifetime.isHolder()),
      probes,
      listener: this.#createListener(),
      random: () => outside.random(),
    });
    this.#book = new SourceBook({ clock, sources: this.#sources, dispatch: (action) => this.#dispatch(action) });
    this.#settings = new HubSettings(clock);
    this.#lifetime = this.#createLifetime(bootId);
    this.#lifetime.begin();
  }

  connect(port: MessagePort): void {
    // Until it says hello nothing but the port itself holds the session, so that a tab that never does costs nothing.
    void new TabSession({
      port,
      commands: this.#commands,
      hubHello: this.#hubHello,
      untilReady: this.#lifetime.untilAlive,
      locks: this.#outside.locks,
      createFeed: (request) => createViewFeed(this.#mind.state, request),
      onHello: (session, tab) => this.#welcome(session, tab),
      onShown: () => this.wake(),
      onGone: (session) => {
        this.#sessions.delete(session);
        this.#countTabs();
      },
    });
  }

  wake(): void {
    this.#sources.wake();
  }

  reportError(error: unknown): void {
    this.#sessions.say({ word: 'error', text: this.#keepError(error) });
  }

  end(): void {
    this.#sessions.end();
    void this.#close(true).finally(() => this.#lifetime.end());
  }

  #createLifetime(bootId: string): Lifetime {
    const { clock, locks, channel, release } = this.#outside;
    return new Lifetime({
      locks,
      channel,
      clock,
      bootId,
      release: { ...release, contract: TAB_CONTRACT_VERSION },
      onActive: () => this.#activate(),
      onStandby: () => this.#greet({ word: 'standby' }),
      close: (mayWrite) => this.#close(mayWrite),
      onRetired: (next) => this.#retire(next),
      onDenied: (error) => this.#notice(`This page cannot hold connections: ${this.#keepError(error)}`),
    });
  }

  #welcome(session: TabSession, tab: TabHello): void {
    this.#sessions.add(session);
    this.#countTabs();
    if (this.#greeting !== undefined) session.say(this.#greeting);
    this.#lifetime.meet(tab.builtAtMs);
  }

  /** Tells every tab where the hub is, those that are still to come too. */
  #greet(word: HubWord): void {
    this.#greeting = word;
    this.#sessions.say(word);
  }

  /** Lets go of connections and storage. The tabs stay until they are told where to go on. */
  async #close(mayWrite: boolean): Promise<void> {
    if (!mayWrite) {
      this.#cache.stop();
      this.#store?.close();
    }
    this.#sources.deactivate();
    this.#book.remove(DEMO_SOURCE_ID);
    this.#mind.end();
    // The next hub in line reads what this one writes last.
    await this.#cache.end();
    await this.#store?.end();
  }

  #retire(next: HubRelease | undefined): void {
    this.#greet(farewell(next, this.#lifetime.release));
    this.#sessions.end();
    this.#outside.close();
  }

  #dispatch(action: HubAction): void {
    this.#mind.dispatch(action);
  }

  #keepError(error: unknown): string {
    return this.#journal.keepError(error, this.#outside.clock.nowMs());
  }

  #notice(text: string): void {
    this.#dispatch({ kind: 'notice', text, nowMs: this.#outside.clock.nowMs() });
  }

  #countTabs(): void {
    this.#dispatch({ kind: 'tabs-counted', tabs: this.#sessions.size });
  }

  #activate(): void {
    const { openStore } = this.#outside;
    const onLost = (text: string): void => {
      this.#cache.stop();
      this.#notice(text);
    };
    const isHolder = (): Promise<boolean> => this.#lifetime.isHolder();
    const open: CarefulStoreOptions['open'] = (listener) => openStore({ ...listener, isHolder });
    const store = new CarefulSettingsStore({ open, onLost });
    this.#store = store;
    this.#greet({ word: 'active' });
    this.#load(store).catch((error: unknown) => this.reportError(error));
  }

  async #load(store: CarefulSettingsStore): Promise<void> {
    const remembered = await store.load();
    this.#limit(remembered.settings);
    this.#book.load(remembered, store);
    await this.#restore(store);
    if (!this.#lifetime.isActive) return;
    this.#sources.activate();
    const name = remembered.settings.name ?? `browser ${this.#outside.newId().slice(0, 4)}`;
    this.#settings.load({ ...remembered.settings, name }, store);
    this.#dispatch({ kind: 'ready' });
    // With what was set while the storage was opening.
    this.#limit(await this.#saveSettings({ name }));
  }

  /** No source is connected before what is known of it is there: a greeting would begin it anew. */
  async #restore({ cache }: CarefulSettingsStore): Promise<void> {
    if (cache === undefined) return;
    const nowMs = this.#outside.clock.nowMs();
    try {
      await this.#cache.load(cache, (kept) => {
        this.#dispatch({ kind: 'restored', kept, nowMs });
        // The one that was heard of last is enough for a page to be of use.
        if (!this.#mind.state.isReady) this.#dispatch({ kind: 'ready' });
      });
    } catch (error) {
      this.#cache.stop();
      this.#notice(`The history could not be read: ${this.#keepError(error)}.`);
    }
  }

  async #saveSettings(change: Partial<Settings>): Promise<Settings> {
    const settings = await this.#settings.save(change);
    if (change.limits !== undefined) this.#limit(settings);
    if (settings.name !== undefined) this.#dispatch({ kind: 'named', by: settings.name });
    return settings;
  }

  #limit({ limits = {} }: Settings): void {
    const { maxProducers, maxIterations, idleMinutes } = { ...DEFAULT_KEEP_LIMITS, ...limits };
    const evictAfterMs = idleMinutes * 60_000;
    const nowMs = this.#outside.clock.nowMs();
    this.#dispatch({ kind: 'limited', limits: { maxProducers, maxIterations, evictAfterMs }, nowMs });
    this.#cache.limit(limits);
  }

  /** A run that is in the live roster is shown there, any other comes out of the storage. */
  async #openRun(id: HistoryKey): Promise<OpenedRun | undefined> {
    const live = this.#cache.findLive(id);
    if (live !== undefined) return live;
    const records = await this.#cache.open(id);
    if (records === undefined) return undefined;
    this.#dispatch({ kind: 'opened', records });
    return { producer: openedKey(id), run: `r${records.number}` };
  }

  #createListener(): SourceListener {
    const { clock } = this.#outside;
    return {
      onState: (sourceId, state) => this.#dispatch({ kind: 'source-state', sourceId, state, nowMs: clock.nowMs() }),
      onFrame: (sourceId, frame, text) => {
        const nowMs = clock.nowMs();
        const { eventsTotal } = this.#mind.state;
        this.#dispatch({ kind: 'frame', sourceId, frame, text, nowMs });
        this.#journal.countEvents(this.#mind.state.eventsTotal - eventsTotal, nowMs);
      },
      onUnreadable: (sourceId) => this.#dispatch({ kind: 'unreadable', sourceId, nowMs: clock.nowMs() }),
    };
  }

  #createCommands(): HubCommands {
    return {
      addSource: (address, options) => this.#book.add(address, options?.name),
      adoptOrigin: (pageOrigin) => this.#book.adopt(pageOrigin),
      openLink: (address, options) => this.#book.openLink(address, options),
      removeSource: (sourceId) => this.#book.remove(sourceId),
      renameSource: (sourceId, name) => this.#book.rename(sourceId, name),
      pauseSource: (sourceId) => this.#book.pause(sourceId),
      resumeSource: (sourceId) => this.#book.resume(sourceId),
      retryNow: (sourceId) => this.#sources.retry(sourceId),
      runDemo: () => this.#runDemo(),
      decide: (request) => this.#decide(request),
      read: (producer, ref) => readHubBody(this.#mind.state, producer, ref),
      openRun: (id) => this.#openRun(id),
      pinRun: (id, isPinned) => this.#cache.pin(id, isPinned),
      deleteRuns: (ids) => this.#cache.delete(ids),
      settings: () => this.#settings.read(),
      saveSettings: (change) => this.#saveSettings(change),
      status: () => this.#status(),
      useHere: () => this.#lifetime.useHere(),
    };
  }

  #decide(request: Parameters<HubApi['decide']>[0]): ReturnType<HubApi['decide']> {
    const { decided } = this.#mind.dispatch({ kind: 'decide', request, nowMs: this.#outside.clock.nowMs() });
    if (decided?.ok === true) this.#cache.keepDecision(request.review);
    return decided ?? { ok: false, error: { code: 'unknown-review', message: 'There is no such review any more.' } };
  }

  #runDemo(): SourceAdded {
    if (!this.#sources.has(DEMO_SOURCE_ID)) this.#demo = this.#createDemo();
    const demo = this.#demo;
    if (demo === undefined) return { sourceId: DEMO_SOURCE_ID, isNew: false };
    const added = this.#book.addDemo(demo.openSocket);
    demo.run();
    return added;
  }

  #createDemo(): DemoProcess {
    const { clock, newId, loadDemo } = this.#outside;
    return new DemoProcess({
      clock,
      newId,
      loadScript: async () => readDemoScript(await loadDemo()),
      onFailed: (error) =>
        this.#notice(
          `The demo could not be loaded: ${this.#keepError(error)}. Reload the page, and run it again once its server answers.`,
        ),
    });
  }

  #status(): HubStatus {
    const nowMs = this.#outside.clock.nowMs();
    return {
      bootId: this.#hubHello.bootId,
      build: this.#outside.build,
      contract: this.#hubHello.contract,
      startedAtMs: this.#startedAtMs,
      isActive: this.#lifetime.isActive,
      tabs: this.#sessions.size,
      streams: this.#sessions.streams(),
      ...selectHubFigures(this.#mind.state),
      eventsPerSecond: this.#journal.eventsPerSecond(nowMs),
      storage: this.#store?.place ?? 'none yet',
      errors: this.#journal.errors,
    };
  }
}
