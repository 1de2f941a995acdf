import type { Drop } from '../../hub/history-retention.ts';
import type { OpenedRunRecords } from '../../hub/history-state.ts';
import { findProducer, type HubState } from '../../hub/hub-state.ts';
import type { LoggedChange } from '../../hub/logged-change.ts';
import { comparePositions } from '../../hub/logged-event.ts';
import type { RestoredProducer } from '../../hub/restore-producer.ts';
import { DEFAULT_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import { isDemoKey, type ProducerKey, type ReviewKey } from '../../protocol/tab/keys.ts';
import type { DroppedRuns, HistoryHead, HistoryKey, HistoryRun, OpenedRun } from '../../protocol/tab/history-model.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { compactRun } from './compact-run.ts';
import { historyHead, historyLine, readDropped } from './history-lines.ts';
import { ProducerShelf, type ShelfPlan } from './producer-shelf.ts';
import { readIndex, readProducerRecords, readRunRecords } from './read-cache.ts';
import { deletionOf, dropsNow, dropsWhenFull, historyLimits } from './retained-runs.ts';
import { producerOf, RunCatalog } from './run-catalog.ts';
import { shiftPlace } from './shift-epochs.ts';
import type { StoredRun } from './stored-records.ts';

/** How long events gather before they are written, ms, and how many at most. */
export const FLUSH_INTERVAL_MS = 250;
const FLUSH_EVENTS = 256;

/** How often the limits are looked at, ms: what they ask for is old, and can wait. */
const RETAIN_INTERVAL_MS = 5_000;

/** Under which name the sums of what was let go are stored. */
const DROPPED_NOTE = 'dropped';

/** What differs in the history. */
export interface HistoryNews {
  readonly head: HistoryHead;
  readonly runs: readonly HistoryRun[];
  readonly gone: readonly HistoryKey[];
}

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
  #limits: Partial<KeepLimits> = {};
  #store: CacheStore | undefined;
  #storage: HistoryHead['storage'] = 'opening';
  #eventCount = 0;
  #cancelTimer: CancelTimer | undefined;
  #working: Promise<void> = Promise.resolve();
  #dropped: DroppedRuns = {};
  #damaged = 0;
  #retainedAtMs = -Infinity;

  constructor(options: EventCacheOptions) {
    this.#options = options;
  }

  /** Reads what an earlier hub has left, and hands on one producer after the other, the latest heard of first. */
  async load(store: CacheStore, onProducer: (restored: RestoredProducer) => void): Promise<void> {
    const index = await store.index();
    this.#damaged += readIndex(index, this.catalog);
    this.#dropped = readDropped(index.notes.get(DROPPED_NOTE));
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
    this.#storage = 'lasting';
    if (this.#damaged > 0) this.#options.onNotice(damageSentence(this.#damaged));
    this.#tell(this.catalog.keys());
  }

  /** What is kept, at most. */
  limit(limits: Partial<KeepLimits>): void {
    this.#limits = limits;
    this.#retainedAtMs = -Infinity;
    if (this.#store === undefined) return;
    this.#tell([]);
    this.#do(() => this.#retain());
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

  /** Where a run of the history is shown live; `undefined` if its producer is in no roster, or has it no more in memory. */
  findLive(id: HistoryKey): OpenedRun | undefined {
    const run = this.catalog.get(id);
    if (run === undefined) return undefined;
    const producer = producerOf(run);
    const shelf = this.#shelves.get(producer);
    const isListed = this.catalog.producers.get(producer)?.isListed === true;
    const begins = shiftPlace(run.begins, -(shelf?.shift ?? 0));
    const live = isListed ? findProducer(this.#options.state, producer)?.live : undefined;
    const found = live?.runs.find((each) => comparePositions(each.begins, begins) === 0);
    return found === undefined ? undefined : { producer, run: found.key };
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
    this.#tell([id]);
    void this.#do(() => this.#write([putOf(pinned)]));
  }

  /** Deletes runs for good. */
  delete(ids: readonly HistoryKey[]): Promise<void> {
    return this.#do(async () => {
      await this.#write(this.#forget(ids));
      this.#tell(ids);
    });
  }

  /** The storage is not to be used any more. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#store = undefined;
    this.#storage = 'memory';
    this.#dirty.clear();
    this.#tell([]);
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
    this.#tell(plan.runs);
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
    onNotice(
      `The storage of this page is full. To make room, the oldest ${drops.length === 1 ? 'run' : `${drops.length} runs`} of the history had to go; pin a run to keep it.`,
    );
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
    const dropped: { -readonly [R in keyof DroppedRuns]: DroppedRuns[R] } = { ...this.#dropped };
    for (const { reason } of drops) dropped[reason] = (dropped[reason] ?? 0) + 1;
    this.#dropped = dropped;
    const ids = drops.map(({ id }) => id);
    const writes = this.#forget(ids);
    this.#tell(ids);
    return [...writes, { kind: 'note', name: DROPPED_NOTE, value: dropped }];
  }

  #forget(ids: readonly HistoryKey[]): CacheWrite[] {
    const writes: CacheWrite[] = [];
    for (const id of ids) {
      const run = this.catalog.get(id);
      if (run === undefined) continue;
      writes.push(...deletionOf(this.catalog, run));
      this.catalog.delete(run);
      this.#shelves.get(producerOf(run))?.forget(id);
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
    this.#tell([historyLine(compact).id]);
  }

  #tell(changed: Iterable<HistoryKey>): void {
    const { maxMegabytes } = { ...DEFAULT_KEEP_LIMITS, ...this.#limits };
    const runs: HistoryRun[] = [];
    const gone: HistoryKey[] = [];
    for (const id of changed) {
      const run = this.catalog.get(id);
      if (run === undefined) gone.push(id);
      else runs.push(historyLine(run));
    }
    const facts = { storage: this.#storage, limitBytes: maxMegabytes * 1024 * 1024, dropped: this.#dropped };
    this.#options.onHistory({ head: historyHead(this.catalog, { ...facts, damaged: this.#damaged }), runs, gone });
  }

  #fail(error: unknown): void {
    if (this.#store === undefined) return;
    this.stop();
    this.#options.onNotice(
      `The storage of this page ${isQuotaError(error) ? 'is full' : `failed (${describe(error)})`}. What happens from now on is kept only until the last tab is closed.`,
    );
  }
}

function putOf(run: StoredRun): CacheWrite {
  const { sourceId, producerId, begins } = run;
  return { kind: 'put', to: 'runs', key: [sourceId, producerId, begins.epoch, begins.sequence], value: run };
}

function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function damageSentence(count: number): string {
  const what = count === 1 ? '1 record' : `${count} records`;
  return `${what} of the history could not be read; everything else is there. A source that is connected sends again what it still has of it.`;
}
