import { type Remote, wrap } from 'comlink';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { HubApi, TabHello } from '../../protocol/tab/hub-api.ts';
import { applyViewPatches } from '../../protocol/tab/apply-view-patches.ts';
import { type HubWord, isHubWord, isStreamFrame, type StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewData, ViewName, ViewRequest } from '../../protocol/tab/view-data.ts';

/** A tab at the other end of a port, as a test sees it: it applies what comes and keeps everything. */
export class FakeTab {
  /** The end that the hub gets. */
  readonly hubPort: MessagePort;
  readonly hub: Remote<HubApi>;
  readonly frames: StreamFrame[] = [];
  readonly words: HubWord[] = [];
  /** Whether frames are acknowledged as soon as they have come. */
  isPrompt = true;
  readonly #port: MessagePort;
  readonly #tabId: string;
  readonly #views = new Map<number, ViewData<ViewName>>();
  readonly #waiting = new Set<() => void>();

  constructor(tabId = 'one') {
    const { port1, port2 } = new MessageChannel();
    this.#tabId = tabId;
    this.#port = port1;
    this.hubPort = port2;
    this.hub = wrap<HubApi>(port1);
    port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#receive(data));
    port1.start();
  }

  /** Name of the lock that this tab holds in tests that have locks. */
  get lockName(): string {
    return `tab:${this.#tabId}`;
  }

  hello(change: Partial<TabHello> = {}): Promise<unknown> {
    const { lockName } = this;
    const hello = { tabId: this.#tabId, lockName, contract: TAB_CONTRACT_VERSION, builtAtMs: 0, visible: true };
    return this.hub.hello({ ...hello, ...change });
  }

  /** Subscribes, and waits for the first snapshot. */
  async open(stream: number, view: ViewRequest): Promise<void> {
    await this.hub.subscribe(stream, view);
    await this.until(() => this.#views.has(stream));
  }

  /** What the stream shows now. */
  view<V extends ViewName>(stream: number): ViewData<V> | undefined {
    return this.#views.get(stream) as ViewData<V> | undefined;
  }

  acknowledge(frame: StreamFrame): void {
    const { stream, generation, number } = frame;
    this.#port.postMessage({ ack: { stream, generation, number } });
  }

  /** Waits until something is so; it is looked at after every message. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Lets every message that is under way arrive, there and back. */
  async settle(): Promise<void> {
    for (let times = 0; times < 3; times += 1) await this.hub.status();
  }

  close(): void {
    this.#port.close();
  }

  #receive(data: unknown): void {
    if (isHubWord(data)) this.words.push(data);
    if (isStreamFrame(data)) this.#apply(data);
    for (const look of this.#waiting) look();
    this.#waiting.clear();
  }

  #apply(frame: StreamFrame): void {
    this.frames.push(frame);
    if ('snapshot' in frame) this.#views.set(frame.stream, frame.snapshot);
    else {
      const view = this.#views.get(frame.stream);
      if (view !== undefined) applyViewPatches(view, frame.patches);
    }
    if (this.isPrompt) this.acknowledge(frame);
  }
}
