import type { HubState } from '../../hub/hub-state.ts';
import type { LoggedChange } from '../../hub/logged-change.ts';
import type { RestoredProducer } from '../../hub/restore-producer.ts';
import { isDemoKey, type ProducerKey, type ReviewKey } from '../../protocol/tab/keys.ts';
import type { HistoryKey } from '../../protocol/tab/history-model.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { ProducerShelf, type ShelfPlan } from './producer-shelf.ts';
import { readIndex, readProducerRecords } from './read-cache.ts';
import { producerOf, RunCatalog } from './run-catalog.ts';

/** How long events gather before they are written, ms, and how many at most. */
export const FLUSH_INTERVAL_MS = 250;
const FLUSH_EVENTS = 256;

/** What a cache needs, and whom it tells. */
export interface EventCacheOptions {
  readonly clock: Clock;
  readonly state: HubState;
  /** Something of the history differs: these lines of it, and perhaps its head. */
  readonly onHistory: (runs: Iterable<HistoryKey>) => void;
  /** A sentence for the person. */
  readonly onNotice: (text: string) => void;
}

/**
 * Keeps what happened for the next hub: takes what the reducer says is to outlast this one, and writes it in batches, events,
 * runs and producers of a batch in one transaction. When the storage fails it stops, says so, and the hub goes on in memory.
 */
export class EventCache {
  readonly catalog = new RunCatalog();
  readonly #options: EventCacheOptions;
  readonly #shelves = new Map<ProducerKey, ProducerShelf>();
  readonly #dirty = new Set<ProducerShelf>();
  #store: CacheStore | undefined;
  #eventCount = 0;
  #cancelTimer: CancelTimer | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #damaged = 0;

  constructor(options: EventCacheOptions) {
    this.#options = options;
  }

  /** Whether it writes anything. */
  get isLasting(): boolean {
    return this.#store !== undefined;
  }

  /** How many records could not be read. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Reads what an earlier hub has left, and hands on one producer after the other, the latest heard of first. */
  async load(store: CacheStore, onProducer: (restored: RestoredProducer) => void): Promise<void> {
    this.#damaged += readIndex(await store.index(), this.catalog);
    const listed = [...this.catalog.producers.values()].filter(({ isListed }) => isListed);
    listed.sort((a, b) => b.kept.lastSeenMs - a.kept.lastSeenMs);
    for (const producer of listed) {
      if (!this.#options.state.sources.has(producer.kept.sourceId)) {
        // Its source was removed, and this is all that the end of the hub left undone.
        this.catalog.producers.set(producerOf(producer.kept), { ...producer, isListed: false });
        continue;
      }
      const { restored, damaged } = await readProducerRecords(store, this.catalog, producer);
      this.#damaged += damaged;
      onProducer(restored);
    }
    this.#store = store;
    if (this.#damaged > 0) this.#options.onNotice(damageSentence(this.#damaged));
    this.#options.onHistory([...this.catalog.keys()]);
  }

  /** Takes what an action did, in order. */
  note(changes: readonly LoggedChange[]): void {
    if (this.#store === undefined) return;
    for (const change of changes) if (!isDemoKey(change.producer)) this.#noteOne(change);
    if (this.#eventCount >= FLUSH_EVENTS) void this.flush();
    else if (this.#dirty.size > 0)
      this.#cancelTimer ??= this.#options.clock.after(FLUSH_INTERVAL_MS, () => void this.flush());
  }

  /** Writes a decision at once and for good: of all that is kept it alone cannot be had again from anywhere. */
  keepDecision(review: ReviewKey): void {
    const producer = this.#options.state.reviews.get(review)?.producer;
    if (this.#store === undefined || producer === undefined || isDemoKey(producer.key)) return;
    const write = this.#shelf(producer.key).reviewWrite(this.#options.state, review);
    if (write !== undefined) void this.#write(this.#store, [write], true);
  }

  /** Writes everything that was noted. Never rejects. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#eventCount = 0;
    this.#flushing = this.#flushing.then(() => this.#flushNow());
    return this.#flushing;
  }

  /** The storage is not to be used any more. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#store = undefined;
    this.#dirty.clear();
    this.#options.onHistory([]);
  }

  #noteOne(change: LoggedChange): void {
    const shelf = this.#shelf(change.producer);
    shelf.note(change);
    this.#dirty.add(shelf);
    if (change.kind === 'event') this.#eventCount += 1;
    // If it comes back, it is another visit.
    if (change.kind === 'left') this.#shelves.delete(change.producer);
  }

  #shelf(key: ProducerKey): ProducerShelf {
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const isListed = this.catalog.producers.get(key)?.isListed === true;
    const shelf = new ProducerShelf(key, isListed ? 0 : this.catalog.newestEpoch(key));
    this.#shelves.set(key, shelf);
    return shelf;
  }

  async #flushNow(): Promise<void> {
    const store = this.#store;
    if (store === undefined || this.#dirty.size === 0) return;
    const plan = this.#plan();
    await this.#write(store, plan.writes);
    this.#options.onHistory(plan.runs);
  }

  #plan(): ShelfPlan {
    const { state, clock } = this.#options;
    const place = { state, catalog: this.catalog, nowMs: clock.nowMs() };
    const plans = [...this.#dirty].map((shelf) => shelf.plan(place));
    this.#dirty.clear();
    return {
      writes: plans.flatMap(({ writes }) => writes),
      runs: new Set(plans.flatMap(({ runs }) => [...runs])),
    };
  }

  async #write(store: CacheStore, writes: readonly CacheWrite[], isStrict = false): Promise<void> {
    try {
      await store.write(writes, isStrict);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#store === undefined) return;
    this.stop();
    this.#options.onNotice(
      `The storage of this page failed (${describe(error)}). What happens from now on is kept only until the last tab is closed.`,
    );
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function damageSentence(count: number): string {
  const what = count === 1 ? '1 record' : `${count} records`;
  return `${what} of the history could not be read; everything else is there. A source that is connected sends again what it still has of it.`;
}
