import { expose } from 'comlink';
import type { Change } from '../../hub/change.ts';
import type { ViewFeed } from '../../hub/views/view-feed.ts';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { HubApi, HubHello, StreamStatus, TabHello } from '../../protocol/tab/hub-api.ts';
import { type HubWord, isStreamAck } from '../../protocol/tab/stream.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import type { Locks } from '../locks.ts';
import { TabStreams } from './tab-streams.ts';

/** The commands that are about the hub, not about one tab; these the session answers itself. */
export type HubCommands = Omit<HubApi, 'hello' | 'subscribe' | 'unsubscribe' | 'setVisible' | 'bye'>;

/** What a session needs from the hub. */
export interface TabSessionOptions {
  readonly port: MessagePort;
  readonly commands: HubCommands;
  readonly hubHello: HubHello;
  /** What must be so before `hello` is answered. */
  readonly untilReady: Promise<void>;
  /** Undefined where the browser has none: a tab's death is then known only from its own word. */
  readonly locks: Locks | undefined;
  createFeed(request: ViewRequest): ViewFeed;
  /** The tab has introduced itself and counts from now on. */
  onHello(session: TabSession, tab: TabHello): void;
  /** The tab looks at the page again. */
  onShown(): void;
  onGone(session: TabSession): void;
}

/**
 * One tab at the other end of one port: answers its commands through Comlink, and posts its views on the same port. It
 * never waits for the tab, because a call to a dead one never settles; that a tab has died shows in its lock.
 */
export class TabSession {
  readonly #options: TabSessionOptions;
  readonly #streams: TabStreams;
  readonly #ended = new AbortController();
  readonly #onMessage = (event: MessageEvent<unknown>): void => {
    if (isStreamAck(event.data)) this.#streams.acknowledge(event.data);
  };
  #isKnown = false;
  /** What the tab said last: it may be shown or hidden before its hello can be answered. */
  #isVisible = true;

  constructor(options: TabSessionOptions) {
    this.#options = options;
    const { port } = options;
    this.#streams = new TabStreams({
      createFeed: (request) => options.createFeed(request),
      post: (frame) => port.postMessage(frame),
    });
    port.addEventListener('message', this.#onMessage);
    expose(this.#createApi(), port);
  }

  /** How each of its views is on its way. */
  streams(): Omit<StreamStatus, 'tab'>[] {
    return this.#streams.status();
  }

  get isDirty(): boolean {
    return this.#streams.isDirty;
  }

  note(changes: readonly Change[]): void {
    this.#streams.note(changes);
  }

  flush(): void {
    this.#streams.flush();
  }

  /** Tells the tab something that is not a view. */
  say(word: HubWord): void {
    this.#options.port.postMessage(word);
  }

  /** Lets go of everything that is held for this tab. */
  end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#streams.clear();
    this.#options.port.removeEventListener('message', this.#onMessage);
    this.#options.port.close();
    this.#options.onGone(this);
  }

  #createApi(): HubApi {
    return {
      ...this.#options.commands,
      hello: (tab) => this.#hello(tab),
      subscribe: (stream, view) => {
        if (!this.#isKnown) throw new Error('This tab has not said hello, or speaks another version: reload it.');
        this.#streams.subscribe(stream, view);
      },
      unsubscribe: (stream) => this.#streams.unsubscribe(stream),
      setVisible: (visible) => this.#setVisible(visible),
      bye: () => this.end(),
    };
  }

  async #hello(tab: TabHello): Promise<HubHello> {
    const { hubHello, untilReady } = this.#options;
    this.#isVisible = tab.visible;
    await untilReady;
    if (tab.contract !== TAB_CONTRACT_VERSION) {
      this.say({ word: 'retired', text: 'This tab and the hub are of different versions. Reload the tab.' });
    } else if (!this.#isKnown) this.#begin(tab);
    return hubHello;
  }

  #begin(tab: TabHello): void {
    this.#isKnown = true;
    this.#streams.setVisible(this.#isVisible);
    this.#watch(tab.lockName);
    this.#options.onHello(this, tab);
  }

  /** The lock is granted when the tab that holds it is no more, however it ended. */
  #watch(lockName: string): void {
    const { signal } = this.#ended;
    const end = (): void => this.end();
    this.#options.locks?.request(lockName, { mode: 'shared', signal }, end).catch(() => undefined);
  }

  #setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#streams.setVisible(isVisible);
    if (isVisible) this.#options.onShown();
  }
}
