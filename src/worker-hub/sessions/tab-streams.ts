import type { Change } from '../../hub/change.ts';
import type { ViewFeed } from '../../hub/views/view-feed.ts';
import type { StreamStatus } from '../../protocol/tab/hub-api.ts';
import type { StreamAck, StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewName, ViewRequest } from '../../protocol/tab/view-data.ts';
import { ViewSubscription } from './view-subscription.ts';

/** What the streams of a tab need from outside. */
export interface TabStreamsOptions {
  createFeed(request: ViewRequest): ViewFeed;
  post(frame: StreamFrame): void;
}

interface Entry {
  readonly view: ViewName;
  readonly subscription: ViewSubscription;
  /** Goes on while the tab is hidden: it feeds the title and the badge. */
  readonly isForHidden: boolean;
}

/** All views on their way to one tab. */
export class TabStreams {
  readonly #options: TabStreamsOptions;
  readonly #entries = new Map<number, Entry>();
  #generation = 0;
  #isVisible = true;

  constructor(options: TabStreamsOptions) {
    this.#options = options;
  }

  /** How each view is on its way. */
  status(): Omit<StreamStatus, 'tab'>[] {
    return [...this.#entries.values()].map(({ view, subscription: { unacknowledged, state } }) => ({
      view,
      unacknowledged,
      state,
    }));
  }

  /** Begins a stream with a snapshot; the same number again replaces it. A hidden tab gets the snapshot once it is shown. */
  subscribe(stream: number, request: ViewRequest): void {
    const subscription = new ViewSubscription({
      stream,
      createFeed: () => this.#options.createFeed(request),
      nextGeneration: () => (this.#generation += 1),
      post: (frame) => this.#options.post(frame),
    });
    const isForHidden = request.view === 'attention';
    this.#entries.set(stream, { view: request.view, subscription, isForHidden });
    if (this.#isVisible || isForHidden) subscription.begin();
    else subscription.rest();
  }

  unsubscribe(stream: number): void {
    this.#entries.delete(stream);
  }

  note(changes: readonly Change[]): void {
    for (const { subscription } of this.#entries.values()) subscription.note(changes);
  }

  get isDirty(): boolean {
    for (const { subscription } of this.#entries.values()) if (subscription.isDirty) return true;
    return false;
  }

  /** Sends one batch for each view that has changed. */
  flush(): void {
    for (const { subscription } of this.#entries.values()) subscription.flush();
  }

  acknowledge({ ack }: StreamAck): void {
    this.#entries.get(ack.stream)?.subscription.acknowledge(ack.generation, ack.number);
  }

  /** A hidden tab gets only what it needs to call for attention; when it is shown, fresh snapshots of all else. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    for (const { subscription, isForHidden } of this.#entries.values()) {
      if (isForHidden) continue;
      if (isVisible) subscription.resume();
      else subscription.rest();
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
