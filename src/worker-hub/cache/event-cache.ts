import type { Drop } from '../../hub/history-retention.ts';
import type { OpenedRunRecords } from '../../hub/history-state.ts';
import type { HubState } from '../../hub/hub-state.ts';
import type { LoggedChange } from '../../hub/logged-change.ts';
import type { RestoredProducer } from '../../hub/restore-producer.ts';
import { DEFAULT_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import { isDemoKey, type ProducerKey, type ReviewKey } from '../../protocol/tab/keys.ts';
import type { DroppedRuns, HistoryKey, OpenedRun } from '../../protocol/tab/history-model.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { compactRun } from './compact-run.ts';
import { damageSentence, isQuotaError, lostSentence, roomSentence } from './cache-words.ts';
import { findLiveRun } from './find-live-run.ts';
import { historyLine, readDropped } from './history-lines.ts';
import { HistoryTeller, type HistoryNews } from './history-teller.ts';
import { ProducerShelf, type ShelfPlan } from './producer-shelf.ts';
import { readIndex, readProducerRecords, readRunRecords } from './read-cache.ts';
import { deletionOf, dropsNow, dropsWhenFull, historyLimits } from './retained-runs.ts';
import { producerOf, RunCatalog } from './run-catalog.ts';
import type { StoredRun } from './stored-records.ts';

/** How long events gather before they are written, ms, and how many at most. */
export const FLUSH_INTERVAL_MS = 250;
const FLUSH_EVENTS = 256;

/** How often the limits are looked at, ms: what they ask for is old, and can wait. */
const RETAIN_INTERVAL_MS = 5_000;

/** Under which name the sums of what was let go are stored. */
const DROPPED_NOTE = 'dropped';

/** What a cache needs, and whom it tells. */
export interface EventCacheOptions {
  readonly clock: Clock;
  readonly state: HubState;
  readonly onHistory: (news: HistoryNews) => void;
  /** A sentence for the person. */
  readonly onNotice: (text: string) => void;
}

/**
 * Keeps what happened for the next hub: takes what the reducer says is to outlast this one, and writes it in batches, events,
 * runs and producers of a batch in one transaction. When the storage is full it lets go of the oldest runs and tries once
 * more; when it fails it stops, says so, and the hub goes on in memory.
 */
export class EventCache {
  readonly catalog = new RunCatalog();
  readonly #options: EventCacheOptions;
  readonly #shelves = new Map<ProducerKey, ProducerShelf>();
  readonly #dirty = new Set<ProducerShelf>();
  readonly #teller: HistoryTeller;
  #limits: Partial<KeepLimits> = {};
  #store: CacheStore | undefined;
  #eventCount = 0;
  #cancelTimer: CancelTimer | undefined;
  #working: Promise<void> = Promise.resolve();
  #retainedAtMs = -Infinity;

  constructor(options: EventCacheOptions) {
    this.#options = options;
    this.#teller = new HistoryTeller(this.catalog, options.onHistory);
    this.#teller.limitBytes = historyLimits({}).maxBytes;
  }

  /** Reads what an earlier hub has left, and hands on one producer after the other, the latest heard of first. */
  async load(store: CacheStore, onProducer: (restored: RestoredProducer) => void): Promise<void> {
    const index = await store.index();
    this.#teller.damaged += readIndex(index, this.catalog);
    this.#teller.dropped = readDropped(index.notes.get(DROPPED_NOTE));
    const listed = [...this.catalog.producers.values()].filter(({ isListed }) => isListed);
    listed.sort((a, b) => b.kept.lastSeenMs - a.kept.lastSeenMs);
    for (const producer of listed) {
      if (!this.#options.state.sources.has(producer.kept.sourceId)) {
        // Its source was removed, and this is all that the end of the hub left undone.
        this.catalog.producers.set(producerOf(producer.kept), { ...producer, isListed: false });
        continue;
      }
      const { restored, damaged } = await readProducerRecords(store, this.catalog, producer);
      this.#teller.damaged += damaged;
      onProducer(restored);
    }
    this.#store = store;
    this.#teller.storage = 'lasting';
    if (this.#teller.damaged > 0) this.#options.onNotice(damageSentence(this.#teller.damaged));
    this.#teller.tell(this.catalog.keys());
  }

  /** What is kept, at most. */
  limit(limits: Partial<KeepLimits>): void {
    this.#limits = limits;
    this.#teller.limitBytes = historyLimits(limits).maxBytes;
    this.#retainedAtMs = -Infinity;
    if (this.#store === undefined) return;
    this.#teller.tell([]);
    void this.#do(() => this.#retain());
  }

  /** Takes what an action did, in order. */
  note(changes: readonly LoggedChange[]): void {
    if (this.#store === undefined) return;
    for (const change of changes) if (!isDemoKey(change.producer)) this.#noteOne(change);
    if (this.#eventCount >= FLUSH_EVENTS) void this.flush();
    else if (this.#dirty.size > 0) this.#flushSoon();
  }

  /** Writes a decision at once and for good: of all that is kept it alone cannot be had again from anywhere. */
  keepDecision(review: ReviewKey): void {
    const producer = this.#options.state.reviews.get(review)?.producer;
    if (this.#store === undefined || producer === undefined || isDemoKey(producer.key)) return;
    const write = this.#shelf(producer.key).reviewWrite(this.#options.state, review);
    if (write !== undefined) void this.#write([write], true);
  }

  /** Writes everything that was noted. Never rejects. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#eventCount = 0;
    return this.#do(() => this.#flushNow());
  }

  /** Where a run of the history is shown live; `undefined` if it is not. */
  findLive(id: HistoryKey): OpenedRun | undefined {
    const { catalog } = this;
    const run = catalog.get(id);
    const shift = run === undefined ? 0 : (this.#shelves.get(producerOf(run))?.shift ?? 0);
    return run === undefined ? undefined : findLiveRun(run, { catalog, state: this.#options.state, shift });
  }

  /** Reads a run of the history; `undefined` if it is not kept. */
  async open(id: HistoryKey): Promise<OpenedRunRecords | undefined> {
    await this.flush();
    const run = this.catalog.get(id);
    if (this.#store === undefined || run === undefined) return undefined;
    const kind = this.catalog.producers.get(producerOf(run))?.kept.kind;
    const records = await readRunRecords(this.#store, this.catalog, run);
    return { ...records, run: historyLine(run), number: run.number, isStamped: kind !== 'embedded' };
  }

  /** Exempts a run from all limits, or ends that. */
  pin(id: HistoryKey, isPinned: boolean): void {
    const run = this.catalog.get(id);
    if (run === undefined || this.#store === undefined) return;
    const pinned = { ...run, isPinned };
    this.catalog.put(pinned);
    this.#teller.tell([id]);
    void this.#do(() => this.#write([putOf(pinned)]));
  }

  /** Deletes runs for good. */
  delete(ids: readonly HistoryKey[]): Promise<void> {
    return this.#do(async () => {
      await this.#write(this.#forget(ids));
      this.#teller.tell(ids);
    });
  }

  /** The storage is not to be used any more. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#store = undefined;
    this.#teller.storage = 'memory';
    this.#dirty.clear();
    this.#teller.tell([]);
  }

  #noteOne(change: LoggedChange): void {
    const shelf = this.#shelf(change.producer);
    shelf.note(change);
    this.#dirty.add(shelf);
    if (change.kind === 'event') this.#eventCount += 1;
    if (change.kind === 'left') this.#takeOff(change.producer);
  }

  /** It has left the live roster: if it comes back, it is another visit. */
  #takeOff(key: ProducerKey): void {
    this.#shelves.delete(key);
    const stored = this.catalog.producers.get(key);
    if (stored !== undefined) this.catalog.producers.set(key, { ...stored, isListed: false });
  }

  #shelf(key: ProducerKey): ProducerShelf {
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const isListed = this.catalog.producers.get(key)?.isListed === true;
    const shelf = new ProducerShelf(key, isListed ? 0 : this.catalog.newestEpoch(key));
    this.#shelves.set(key, shelf);
    return shelf;
  }

  #flushSoon(): void {
    this.#cancelTimer ??= this.#options.clock.after(FLUSH_INTERVAL_MS, () => void this.flush());
  }

  /** One thing after the other: what is read of the storage is what the catalog says. */
  #do(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch((error: unknown) => this.#fail(error));
    return this.#working;
  }

  async #flushNow(): Promise<void> {
    if (this.#store === undefined || this.#dirty.size === 0) return;
    const plan = this.#plan();
    await this.#write(plan.writes);
    this.#teller.tell(plan.runs);
    if (this.#options.clock.nowMs() - this.#retainedAtMs >= RETAIN_INTERVAL_MS) await this.#retain();
    await this.#compact();
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

  async #write(writes: readonly CacheWrite[], isStrict = false): Promise<void> {
    const store = this.#store;
    if (store === undefined || writes.length === 0) return;
    try {
      await store.write(writes, isStrict).catch((error: unknown) => this.#writeAgain(store, writes, error));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A storage that is full may take it when there is more room. */
  async #writeAgain(store: CacheStore, writes: readonly CacheWrite[], error: unknown): Promise<void> {
    const { state, onNotice } = this.#options;
    if (!isQuotaError(error)) throw error;
    const drops = dropsWhenFull(this.catalog, state);
    await store.write(this.#drop(drops));
    await store.write(writes);
    onNotice(roomSentence(drops.length));
  }

  async #retain(): Promise<void> {
    const { clock, state } = this.#options;
    const nowMs = clock.nowMs();
    this.#retainedAtMs = nowMs;
    const drops = dropsNow(this.catalog, state, { limits: historyLimits(this.#limits), nowMs });
    if (drops.length > 0) await this.#write(this.#drop(drops));
  }

  /** Counts what is let go by itself, and why; that can be read in the history. */
  #drop(drops: readonly Drop[]): CacheWrite[] {
    const dropped: { -readonly [R in keyof DroppedRuns]: DroppedRuns[R] } = { ...this.#teller.dropped };
    for (const { reason } of drops) dropped[reason] = (dropped[reason] ?? 0) + 1;
    this.#teller.dropped = dropped;
    const ids = drops.map(({ id }) => id);
    const writes = this.#forget(ids);
    this.#teller.tell(ids);
    return [...writes, { kind: 'note', name: DROPPED_NOTE, value: dropped }];
  }

  #forget(ids: readonly HistoryKey[]): CacheWrite[] {
    const writes: CacheWrite[] = [];
    for (const id of ids) {
      const run = this.catalog.get(id);
      if (run === undefined) continue;
      writes.push(...deletionOf(this.catalog, run));
      this.catalog.delete(run);
      const producer = producerOf(run);
      if (this.catalog.producers.get(producer)?.isListed === true) this.#shelf(producer).forget(id);
      writes.push(...this.#forgetProducer(run));
    }
    return writes;
  }

  /** With its last run a producer goes that is not in the live roster. */
  #forgetProducer({ sourceId, producerId }: StoredRun): CacheWrite[] {
    const key = producerOf({ sourceId, producerId });
    if (this.catalog.of(key).length > 0 || this.catalog.producers.get(key)?.isListed !== false) return [];
    this.catalog.producers.delete(key);
    return [{ kind: 'producer', key: [sourceId, producerId], value: undefined }];
  }

  /** Leaves out what is not kept of a run that is over: of one at a time, because it is read for that. */
  async #compact(): Promise<void> {
    const store = this.#store;
    const run = [...this.catalog.all()].find((each) => !each.isOpen && !each.isCompact);
    if (store === undefined || run === undefined) return;
    const maxIterations = this.#limits.maxIterations ?? DEFAULT_KEEP_LIMITS.maxIterations;
    const { writes, compact } = await compactRun(store, { catalog: this.catalog, run, maxIterations });
    this.#shelves.get(producerOf(run))?.seal();
    this.catalog.put(compact);
    await this.#write([...writes, putOf(compact)]);
    this.#teller.tell([historyLine(compact).id]);
  }

  #fail(error: unknown): void {
    if (this.#store === undefined) return;
    this.stop();
    this.#options.onNotice(lostSentence(error));
  }
}

function putOf(run: StoredRun): CacheWrite {
  const { sourceId, producerId, begins } = run;
  return { kind: 'put', to: 'runs', key: [sourceId, producerId, begins.epoch, begins.sequence], value: run };
}
