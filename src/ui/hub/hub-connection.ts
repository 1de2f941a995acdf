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

/** How the connection to the hub is. `lost` lasts only as long as it takes to reach a new hub. */
export type HubConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly hub: HubHello }
  | { readonly kind: 'lost' }
  | { readonly kind: 'retired'; readonly text: string };

/** Everything from outside that a connection needs. */
export interface HubConnectionOptions {
  /** Opens a new port to the hub; called again when the hub died. */
  openPort(): MessagePort;
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

/** Said by a command that was under way when the hub died. */
export class HubLostError extends Error {
  override readonly name = 'HubLostError';
  constructor() {
    super('The hub was lost while this was under way; it is being reached again. Try once more.');
  }
}

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
    this.#options.onState({ kind: 'connecting' });
    const port = this.#options.openPort();
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
    link.isGreeted = true;
    this.#watch(link, hub.lockName);
    for (const [stream, { request }] of this.#views) this.#subscribe(stream, request);
    this.#options.onState({ kind: 'connected', hub });
  }

  /** The hub holds this lock for as long as it lives: getting it means that the hub is gone. */
  #watch(link: Link, lockName: string): void {
    this.#options.locks
      .request(lockName, { mode: 'shared', signal: link.closed.signal }, () => {
        this.#lose(link);
        return undefined;
      })
      .catch(() => undefined); // aborted: the link was closed first
  }

  #lose(link: Link): void {
    if (link !== this.#link || this.#isClosed) return;
    this.#options.onState({ kind: 'lost' });
    link.closed.abort();
    link.port.close();
    this.#link = this.#open();
  }

  #receive(link: Link, data: unknown): void {
    if (link !== this.#link) return;
    if (isStreamFrame(data)) this.#views.get(data.stream)?.listener(data);
    else if (isHubWord(data)) this.#hear(data);
  }

  #hear(word: HubWord): void {
    if (word.word === 'retired') this.#options.onState({ kind: 'retired', text: word.text });
    else this.#options.onHubError(word.text);
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
