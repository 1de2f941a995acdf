import { wrap } from 'comlink';
import type { Remote } from 'comlink';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { HubApi, HubHello } from '../../protocol/tab/hub-api.ts';
import { isHubWord, isStreamFrame } from '../../protocol/tab/stream.ts';
import type { HubWord, StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';

/** The part of `navigator.locks` that a tab needs: to be noticed when it dies, and to notice when the hub does. */
export interface LockRequester {
  request(
    name: string,
    options: { mode?: 'exclusive' | 'shared'; signal?: AbortSignal },
    callback: () => Promise<unknown> | undefined,
  ): Promise<unknown>;
}

/** How the connection to the hub is. */
export type HubConnectionState =
  | { readonly kind: 'connecting' }
  /** `isActive`: it has said that it holds the connections; until then it may only just be getting them. */
  | { readonly kind: 'connected'; readonly hub: HubHello; readonly isActive: boolean }
  /** The hub is in another tab, and can be had in this one. */
  | { readonly kind: 'standby' }
  /** Lasts only as long as it takes to reach a new hub. */
  | { readonly kind: 'lost' }
  /** The hub's script does not load; it is tried again. */
  | { readonly kind: 'unreachable' }
  /** There is no hub any more that understands this page; nothing is tried again. */
  | { readonly kind: 'retired'; readonly text: string };

/** Everything from outside that a connection needs. */
export interface HubConnectionOptions {
  /**
   * Opens a new port to the hub, in place of any before: to the SharedWorker of that address, else to the page's own hub.
   * `onFailed` is called when its script does not load.
   */
  openPort(url: string | undefined, onFailed: () => void): MessagePort;
  readonly locks: LockRequester;
  readonly tabId: string;
  readonly builtAtMs: number;
  isVisible(): boolean;
  setTimer(callback: () => void, delayMs: number): () => void;
  onState(state: HubConnectionState): void;
  /** Something went wrong inside the hub that nobody has caught; it goes on. */
  onHubError(text: string): void;
}

/** One attempt to reach a hub; what belongs to an attempt that was replaced is ignored by identity. */
interface Link {
  readonly port: MessagePort;
  readonly api: Remote<HubApi>;
  readonly closed: AbortController;
  /** False until the hub answered `hello`; what is subscribed before that is subscribed then. */
  isGreeted: boolean;
}

/** A hub that has not answered in this time is taken for dead. Starting one takes under 100 ms; a busy machine gets 50 times that, ms. */
const HELLO_TIMEOUT_MS = 5000;

/**
 * How long after the death of a hub the next one is opened, ms. Where its process crashed, Firefox tells the tabs of it in the same moment: a tab that opens the worker
 * before another tab was told joins the dead one, and nobody gets an answer from that name until every tab is closed. (20 ms were enough in Firefox 153.)
 */
const REOPEN_DELAY_MS = 100;

/** Said by a command that was under way when the hub died, or that came when this page had no hub any more. */
export class HubLostError extends Error {
  override readonly name = 'HubLostError';
  constructor(text = 'The hub was lost while this was under way; it is being reached again. Try once more.') {
    super(text);
  }
}

/** Why a tab has to reload whose hub speaks another version of the contract. */
const OTHER_CONTRACT = 'This tab and the hub are of different versions. Reload the tab.';

/**
 * A tab's line to the hub in the SharedWorker: commands by Comlink, views by the stream on the same port. When the hub dies, which its Web
 * Lock tells, the connection opens a new one and subscribes every view anew; who listens to a view just gets a new snapshot.
 */
export class HubConnection {
  readonly #options: HubConnectionOptions;
  readonly #views = new Map<number, { request: ViewRequest; listener: (frame: StreamFrame) => void }>();
  /** Settles when the tab's own lock is held. A hub that asked for it earlier would take the tab for dead. */
  readonly #lockHeld: Promise<void>;
  #link: Link;
  #state: HubConnectionState = { kind: 'connecting' };
  /** What the hub answered to `hello`. */
  #hub: HubHello | undefined;
  /** Address of a newer page's hub, once this page's own one has retired for it. */
  #url: string | undefined;
  #nextStream = 1;
  #isClosed = false;

  constructor(options: HubConnectionOptions) {
    this.#options = options;
    this.#lockHeld = holdLock(options.locks, this.#tabLock());
    this.#link = this.#open();
  }

  /** Runs one command; rejects with `HubLostError` when the hub dies before it answered (a dead port never answers). */
  command<P extends Promise<unknown>>(run: (api: Remote<HubApi>) => P): Promise<Awaited<P>> {
    const { api, closed } = this.#link;
    if (this.#state.kind === 'retired') return Promise.reject(new HubLostError(this.#state.text));
    // A closed port never answers, and the word that it closed has been said.
    if (closed.signal.aborted) return Promise.reject(new HubLostError());
    return new Promise<Awaited<P>>((resolve, reject) => {
      const lost = (): void => reject(new HubLostError());
      closed.signal.addEventListener('abort', lost, { once: true });
      void run(api)
        .then((value) => resolve(value as Awaited<P>), reject)
        .finally(() => closed.signal.removeEventListener('abort', lost));
    });
  }

  /** Subscribes a view; `listener` gets every frame of its stream. Returns how to end it. */
  openView(request: ViewRequest, listener: (frame: StreamFrame) => void): HubViewHandle {
    const stream = this.#nextStream;
    this.#nextStream += 1;
    this.#views.set(stream, { request, listener });
    this.#subscribe(stream, request);
    return {
      acknowledge: (generation, number) => this.#link.port.postMessage({ ack: { stream, generation, number } }),
      resubscribe: () => this.#subscribe(stream, request),
      close: () => this.#closeView(stream),
    };
  }

  /** Tells the hub that the tab was shown or hidden. */
  setVisible(visible: boolean): void {
    this.#tell((api) => api.setVisible(visible));
  }

  /** Says goodbye, so that the hub need not wait for the lock. */
  close(): void {
    this.#isClosed = true;
    this.#tell((api) => api.bye());
    this.#link.closed.abort();
  }

  #tabLock(): string {
    return `tab:${this.#options.tabId}`;
  }

  #open(): Link {
    this.#hub = undefined;
    this.#enter({ kind: 'connecting' });
    const port = this.#options.openPort(this.#url, () => this.#fail(link));
    const link: Link = { port, api: wrap<HubApi>(port), closed: new AbortController(), isGreeted: false };
    port.addEventListener('message', (event: MessageEvent<unknown>) => this.#receive(link, event.data));
    port.start();
    const stopTimer = this.#options.setTimer(() => this.#lose(link), HELLO_TIMEOUT_MS);
    link.closed.signal.addEventListener('abort', stopTimer);
    void this.#greet(link, stopTimer);
    return link;
  }

  async #greet(link: Link, stopTimer: () => void): Promise<void> {
    await this.#lockHeld;
    const hub = await link.api.hello({
      tabId: this.#options.tabId,
      lockName: this.#tabLock(),
      contract: TAB_CONTRACT_VERSION,
      builtAtMs: this.#options.builtAtMs,
      visible: this.#options.isVisible(),
    });
    stopTimer();
    if (link.closed.signal.aborted) return;
    if (hub.contract !== TAB_CONTRACT_VERSION) return this.#retire(OTHER_CONTRACT);
    link.isGreeted = true;
    this.#watch(link, hub.lockName);
    for (const [stream, { request }] of this.#views) this.#subscribe(stream, request);
    this.#hub = hub;
    if (this.#state.kind !== 'standby') this.#enter({ kind: 'connected', hub, isActive: false });
  }

  /** The hub holds this lock for as long as it lives: getting it means that the hub is gone. */
  #watch(link: Link, lockName: string): void {
    this.#options.locks
      .request(lockName, { mode: 'shared', signal: link.closed.signal }, () => {
        this.#options.setTimer(() => this.#lose(link), REOPEN_DELAY_MS);
        return undefined;
      })
      .catch(() => undefined); // aborted: the link was closed first
  }

  #lose(link: Link): void {
    if (link !== this.#link || this.#isClosed) return;
    this.#enter({ kind: 'lost' });
    // The newer page's hub may be gone with that page: the own one knows who is there now, or is the one that is needed.
    this.#reopen(link.isGreeted ? this.#url : undefined);
  }

  /** The script did not load. What is tried again is the page's own hub, at once if that is another one. */
  #fail(link: Link): void {
    if (link !== this.#link || link.isGreeted || this.#isClosed) return;
    if (this.#url !== undefined) this.#reopen(undefined);
    else this.#enter({ kind: 'unreachable' });
  }

  #reopen(url: string | undefined): void {
    this.#closeLink();
    this.#url = url;
    this.#link = this.#open();
  }

  #retire(text: string): void {
    this.#isClosed = true;
    this.#enter({ kind: 'retired', text });
    this.#closeLink();
  }

  #closeLink(): void {
    this.#link.closed.abort();
    this.#link.port.close();
  }

  /** A hub that does not load is said until there is one again: the attempts between are no news. */
  #enter(state: HubConnectionState): void {
    const isAttempt = state.kind === 'lost' || state.kind === 'connecting';
    if (this.#state.kind === 'unreachable' && isAttempt) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #receive(link: Link, data: unknown): void {
    if (link !== this.#link) return;
    if (isStreamFrame(data)) this.#views.get(data.stream)?.listener(data);
    else if (isHubWord(data)) this.#hear(data);
  }

  #hear(word: HubWord): void {
    if (word.word === 'error') this.#options.onHubError(word.text);
    else if (word.word === 'moved') this.#reopen(word.url);
    else if (word.word === 'retired') this.#retire(word.text);
    else if (word.word === 'standby') this.#enter({ kind: 'standby' });
    else if (this.#hub !== undefined) this.#enter({ kind: 'connected', hub: this.#hub, isActive: true });
  }

  #subscribe(stream: number, request: ViewRequest): void {
    if (this.#link.isGreeted) this.#tell((api) => api.subscribe(stream, request));
  }

  #closeView(stream: number): void {
    this.#views.delete(stream);
    this.#tell((api) => api.unsubscribe(stream));
  }

  /** For what needs no answer: a hub that dies meanwhile is told everything anew anyway. */
  #tell(run: (api: Remote<HubApi>) => Promise<unknown>): void {
    run(this.#link.api).catch(() => undefined);
  }
}

/** Takes a lock for as long as the page lives; settles once it is held. */
function holdLock(locks: LockRequester, name: string): Promise<void> {
  return new Promise((resolve) => {
    void locks.request(name, { mode: 'exclusive' }, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
}

/** One subscription of a tab. */
export interface HubViewHandle {
  acknowledge(generation: number, number: number): void;
  /** Asks for a new snapshot, after a hole in the stream. */
  resubscribe(): void;
  close(): void;
}
