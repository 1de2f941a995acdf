import type { Change } from '../../hub/change.ts';
import type { ViewFeed } from '../../hub/views/view-feed.ts';
import type { StreamStatus } from '../../protocol/tab/hub-api.ts';
import { STREAM_CREDITS, type StreamFrame } from '../../protocol/tab/stream.ts';

/** What a subscription needs of the tab it belongs to. */
export interface SubscriptionOptions {
  readonly stream: number;
  /** A feed of the view as it is now; asked for again whenever the subscription begins anew. */
  createFeed(): ViewFeed;
  /** A number that no subscription of this tab has had before. */
  nextGeneration(): number;
  post(frame: StreamFrame): void;
}

/**
 * One view on its way to one tab. It sends a snapshot and then patches for as long as the tab keeps up. While the tab does
 * not (too many batches without an acknowledgement) or need not (it is hidden), nothing is sent and nothing is kept: the
 * feed is let go, and a fresh snapshot follows once the tab is back.
 */
export class ViewSubscription {
  readonly #options: SubscriptionOptions;
  #feed: ViewFeed | undefined;
  #isResting = false;
  #generation = 0;
  #nextNumber = 0;
  #unacknowledged = 0;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  /** Sends a snapshot, which begins a generation; what was under way before counts no more. */
  begin(): void {
    this.#isResting = false;
    this.#unacknowledged = 0;
    this.#feed = this.#options.createFeed();
    this.#sendSnapshot(this.#feed);
  }

  note(changes: readonly Change[]): void {
    const feed = this.#feed;
    if (feed !== undefined) for (const change of changes) feed.note(change);
  }

  /** Batches that are under way. */
  get unacknowledged(): number {
    return this.#unacknowledged;
  }

  /** Whether it is kept up to date, waits for the tab to catch up, or for somebody to look. */
  get state(): StreamStatus['state'] {
    if (this.#isResting) return 'hidden';
    return this.#feed === undefined ? 'behind' : 'live';
  }

  /** Whether `flush` would have something to do. */
  get isDirty(): boolean {
    return this.#feed?.isDirty() === true;
  }

  /** Sends what has changed, as one batch, if the tab has credit left for it. */
  flush(): void {
    const feed = this.#feed;
    if (feed === undefined || !feed.isDirty()) return;
    if (this.#unacknowledged >= STREAM_CREDITS) {
      this.#feed = undefined;
      return;
    }
    const patches = feed.takePatches();
    if (patches === 'snapshot') this.#sendSnapshot(feed);
    else if (patches.length > 0) this.#send({ view: feed.view, patches });
  }

  /** The tab has applied everything up to `number`; wakes a subscription that had run out of credit. */
  acknowledge(generation: number, number: number): void {
    if (generation !== this.#generation || number >= this.#nextNumber) return;
    this.#unacknowledged = Math.min(this.#unacknowledged, this.#nextNumber - 1 - number);
    if (this.#feed === undefined && !this.#isResting) this.begin();
  }

  /** Nobody looks: lets everything go until `resume`. */
  rest(): void {
    this.#isResting = true;
    this.#feed = undefined;
  }

  /** Somebody looks again: a fresh snapshot, if it was resting. */
  resume(): void {
    if (this.#isResting) this.begin();
  }

  #sendSnapshot(feed: ViewFeed): void {
    this.#generation = this.#options.nextGeneration();
    this.#nextNumber = 0;
    this.#send({ view: feed.view, snapshot: feed.snapshot() });
  }

  #send(content: object): void {
    const { stream } = this.#options;
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    this.#unacknowledged += 1;
    // The feed ties name and content together; the union of all views cannot be written down here without naming each.
    this.#options.post({ stream, generation: this.#generation, number, ...content } as StreamFrame);
  }
}
