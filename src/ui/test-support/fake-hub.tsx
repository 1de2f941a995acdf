import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { OpenedRun } from '../../protocol/tab/history-model.ts';
import type { HubStatus, LinkOutcome, Settings } from '../../protocol/tab/hub-api.ts';
import type { DecisionRequest } from '../../protocol/tab/review-model.ts';
import type { StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewData, ViewName, ViewPatch, ViewRequest } from '../../protocol/tab/view-data.ts';
import { createOrders } from '../hub/create-orders.ts';
import { FrameScheduler } from '../hub/frame-scheduler.ts';
import { HubProvider } from '../hub/hub-context.tsx';
import type { Hub } from '../hub/hub-context.tsx';
import type { HubConnection, HubConnectionState } from '../hub/hub-connection.ts';

interface OpenView {
  readonly stream: number;
  readonly request: ViewRequest;
  readonly listener: (frame: StreamFrame) => void;
  number: number;
}

/** A hub that says what a test tells it to: views from `show`, changes from `patch`, bodies from `bodies`; what it is told, it keeps. */
export class FakeHub {
  readonly hub: Hub;
  /** What `read` answers, by reference. */
  readonly bodies = new Map<string, string>();
  readonly decisions: DecisionRequest[] = [];
  /** How the hub says it is; it does not answer while there is nothing to say. */
  status: HubStatus | undefined;
  /** What was asked about sources, in order: the command and its arguments. */
  readonly sourceCommands: (readonly string[])[] = [];
  /** What was asked about the history and the settings, in order. */
  readonly historyCommands: unknown[][] = [];
  /** What `openRun` answers. */
  openedRun: OpenedRun | undefined;
  /** What becomes of an address from a link. */
  openLink: (address: string) => LinkOutcome = (address) => ({ kind: 'ask', address });
  settings: Settings = { theme: 'system' };
  /** How often the user wanted the hub in this tab. */
  usedHere = 0;
  /** Puts the connection in another state. */
  readonly setState: (state: HubConnectionState) => void;
  /** Says that something went wrong in the hub. */
  readonly setHubError: (text: string) => void;
  #failure: Error | undefined;
  readonly #views = new Set<OpenView>();
  readonly #data = new Map<ViewName, unknown>();
  #nextStream = 1;
  #nextFrame: ((nowMs: number) => void) | undefined;

  constructor(options: { readonly isVisible?: boolean; readonly frames?: FrameScheduler } = {}) {
    const [state, setState] = createSignal<HubConnectionState>({ kind: 'connecting' });
    const [hubError, setHubError] = createSignal<string>();
    this.setState = setState;
    this.setHubError = setHubError;
    const source = {
      request: (callback: (nowMs: number) => void) => {
        this.#nextFrame = callback;
        return 1;
      },
      wait: () => () => undefined,
    };
    const connection = this.#connection() as unknown as HubConnection;
    this.hub = {
      ...createOrders((run) => connection.command(run)),
      // A class with private fields is met by nothing but itself; components use these two of its methods.
      connection,
      frames: options.frames ?? new FrameScheduler(source, () => 0),
      builtAtMs: 1,
      state,
      hubError,
      forgetHubError: () => setHubError(undefined),
      isVisible: () => options.isVisible ?? false,
    };
  }

  /** Lets every command from now on fail, or succeed again. */
  fail(error: Error | undefined): void {
    this.#failure = error;
  }

  /** What is subscribed now. */
  requests(): readonly ViewRequest[] {
    return [...this.#views].map(({ request }) => request);
  }

  /** Sends a snapshot to everybody who has this view, and to who subscribes later. */
  show<V extends ViewName>(view: V, data: ViewData<V>): void {
    this.#data.set(view, data);
    for (const open of this.#views) if (open.request.view === view) this.#send(open);
  }

  /** Sends changes to everybody who has this view. */
  patch<V extends ViewName>(view: V, patches: readonly ViewPatch<V>[]): void {
    for (const open of this.#views) {
      if (open.request.view !== view) continue;
      open.number += 1;
      const { stream, number } = open;
      open.listener({ stream, generation: 1, number, view, patches } as unknown as StreamFrame);
    }
  }

  /** Lets one animation frame pass. */
  frame(): void {
    const run = this.#nextFrame;
    this.#nextFrame = undefined;
    run?.(0);
  }

  #connection(): Pick<HubConnection, 'openView' | 'command'> {
    const tell =
      (name: string) =>
      (sourceId: string, ...more: string[]) => {
        this.sourceCommands.push([name, sourceId, ...more]);
        return Promise.resolve();
      };
    const api = {
      retryNow: tell('retryNow'),
      pauseSource: tell('pauseSource'),
      resumeSource: tell('resumeSource'),
      renameSource: tell('renameSource'),
      removeSource: tell('removeSource'),
      status: () => (this.status === undefined ? new Promise(() => undefined) : Promise.resolve(this.status)),
      read: (_producer: string, ref: string) => Promise.resolve(this.bodies.get(ref)),
      decide: (request: DecisionRequest) => {
        this.decisions.push(request);
        return Promise.resolve({ ok: true, value: { sent: true } });
      },
      openLink: (address: string) => Promise.resolve(this.openLink(address)),
      openRun: (id: string) => {
        this.historyCommands.push(['openRun', id]);
        return Promise.resolve(this.openedRun);
      },
      pinRun: (...asked: unknown[]) => Promise.resolve(void this.historyCommands.push(['pinRun', ...asked])),
      deleteRuns: (...asked: unknown[]) => Promise.resolve(void this.historyCommands.push(['deleteRuns', ...asked])),
      settings: () => Promise.resolve(this.settings),
      saveSettings: (change: Partial<Settings>) => {
        this.settings = { ...this.settings, ...change };
        return Promise.resolve(this.settings);
      },
      useHere: () => Promise.resolve(void (this.usedHere += 1)),
    };
    return {
      openView: (request, listener) => this.#open(request, listener),
      command: ((run: (known: typeof api) => Promise<unknown>) =>
        this.#failure === undefined ? run(api) : Promise.reject(this.#failure)) as unknown as HubConnection['command'],
    };
  }

  #open(request: ViewRequest, listener: (frame: StreamFrame) => void): ReturnType<HubConnection['openView']> {
    const open: OpenView = { stream: this.#nextStream, request, listener, number: 0 };
    this.#nextStream += 1;
    this.#views.add(open);
    queueMicrotask(() => this.#views.has(open) && this.#data.has(request.view) && this.#send(open));
    return {
      acknowledge: () => undefined,
      resubscribe: () => this.#send(open),
      close: () => void this.#views.delete(open),
    };
  }

  #send(open: OpenView): void {
    open.number = 0;
    const snapshot = structuredClone(this.#data.get(open.request.view));
    const frame = { stream: open.stream, generation: 1, number: 0, view: open.request.view, snapshot };
    open.listener(frame as unknown as StreamFrame);
  }
}

/** Components below it talk to the fake. */
export function FakeHubProvider(props: { fake: FakeHub; children: JSX.Element }): JSX.Element {
  return <HubProvider value={props.fake.hub}>{props.children}</HubProvider>;
}
