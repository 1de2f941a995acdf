import type { OpenedRunRecords } from '../../hub/history-state.ts';
import type { HubState } from '../../hub/hub-state.ts';
import type { LoggedChange } from '../../hub/logged-change.ts';
import type { RestoredProducer } from '../../hub/restore-producer.ts';
import { DEFAULT_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import { isDemoKey, type ReviewKey } from '../../protocol/tab/keys.ts';
import type { HistoryKey, OpenedRun } from '../../protocol/tab/history-model.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { compactRun } from './compact-run.ts';
import { damageSentence, lostSentence, roomSentence } from './cache-words.ts';
import { findLiveRun } from './find-live-run.ts';
import { historyLine, readDropped } from './history-lines.ts';
import { HistoryTeller, type HistoryNews } from './history-teller.ts';
import { HeldStore } from './held-store.ts';
import { ProducerShelves } from './producer-shelves.ts';
import { DROPPED_NOTE, RunRemover } from './run-remover.ts';
import { comeBack, readIndex, readProducerRecords, readRunRecords } from './read-cache.ts';
import { dropsNow, dropsWhenFull, historyLimits } from './retained-runs.ts';
import { keyOfRun, producerOf, RunCatalog } from './run-catalog.ts';
import type { StoredRun } from './stored-records.ts';

/** How long events gather before they are written, ms, and how many at most. */
export const FLUSH_INTERVAL_MS = 250;
const FLUSH_EVENTS = 256;

/** How often the limits are looked at, ms: what they ask for is old, and can wait. */
const RETAIN_INTERVAL_MS = 5_000;

/** What a cache needs, and whom it tells. */
export interface EventCacheOptions {
  readonly clock: Clock;
  readonly state: HubState;
  readonly onHistory: (news: HistoryNews) => void;
  /** A run that is shown live was deleted. */
  readonly onDeleted: (at: OpenedRun) => void;
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
  readonly #shelves: ProducerShelves;
  readonly #teller: HistoryTeller;
  readonly #remover: RunRemover;
  readonly #held: HeldStore;
  #limits: Partial<KeepLimits> = {};
  #eventCount = 0;
  #cancelTimer: CancelTimer | undefined;
  #working: Promise<void> = Promise.resolve();
  #retainedAtMs = -Infinity;

  constructor(options: EventCacheOptions) {
    const { catalog } = this;
    this.#options = options;
    this.#shelves = new ProducerShelves(catalog, options.state);
    this.#teller = new HistoryTeller(catalog, options.onHistory);
    this.#teller.limitBytes = historyLimits({}).maxBytes;
    this.#remover = new RunRemover({ catalog, shelves: this.#shelves, teller: this.#teller });
    this.#held = this.#createHeld();
  }

  /**
   * Reads what an earlier hub has left, and hands on one producer after the other, the latest heard of first. Ends where it is
   * when the cache is stopped meanwhile.
   */
  async load(store: CacheStore, onProducer: (restored: RestoredProducer) => void): Promise<void> {
    if (this.#held.isOver) return;
    const index = await store.index();
    if (this.#held.isOver) return;
    this.#teller.damaged += readIndex(index, this.catalog);
    this.#teller.dropped = readDropped(index.notes.get(DROPPED_NOTE));
    for (const producer of comeBack(this.catalog, this.#options.state)) {
      const { restored, damaged } = await readProducerRecords(store, this.catalog, producer);
      if (this.#held.isOver) return;
      this.#teller.damaged += damaged;
      onProducer(restored);
    }
    this.#held.hold(store);
    this.#teller.storage = 'lasting';
    if (this.#teller.damaged > 0) this.#options.onNotice(damageSentence(this.#teller.damaged));
    this.#teller.tell(this.catalog.keys());
  }

  /** What is kept, at most. */
  limit(limits: Partial<KeepLimits>): void {
    const before = this.#maxIterations;
    this.#limits = limits;
    this.#teller.limitBytes = historyLimits(limits).maxBytes;
    this.#retainedAtMs = -Infinity;
    if (this.#held.store === undefined) return;
    this.#teller.tell([]);
    void this.#do(() => this.#retain());
    if (this.#maxIterations < before) this.#compactAgain();
  }

  /** Takes what an action did, in order. */
  note(changes: readonly LoggedChange[]): void {
    if (this.#held.store === undefined) return;
    for (const change of changes) {
      if (isDemoKey(change.producer)) continue;
      this.#shelves.note(change);
      if (change.kind === 'event') this.#eventCount += 1;
    }
    if (this.#eventCount >= FLUSH_EVENTS) void this.flush();
    else if (this.#shelves.isDirty) this.#flushSoon();
  }

  /** Writes a decision at once and for good: of all that is kept it alone cannot be had again from anywhere. */
  keepDecision(review: ReviewKey): void {
    const producer = this.#options.state.reviews.get(review)?.producer;
    if (this.#held.store === undefined || producer === undefined || isDemoKey(producer.key)) return;
    const write = this.#shelves.of(producer.key).reviewWrite(this.#options.state, review);
    if (write !== undefined) void this.#held.write([write], true);
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
    if (this.#held.store === undefined || run === undefined) return undefined;
    const kind = this.catalog.producers.get(producerOf(run))?.kept.kind;
    const records = await readRunRecords(this.#held.store, this.catalog, run);
    return { ...records, run: historyLine(run), number: run.number, isStamped: kind !== 'embedded' };
  }

  /** Exempts a run from all limits, or ends that. */
  pin(id: HistoryKey, isPinned: boolean): void {
    const run = this.catalog.get(id);
    if (run === undefined || this.#held.store === undefined) return;
    this.catalog.put({ ...run, isPinned });
    this.#teller.tell([id]);
    void this.#do(() => this.#writeLines([id]));
  }

  /** Deletes runs for good, but none that is still open. */
  delete(ids: readonly HistoryKey[]): Promise<void> {
    // What could not be deleted in the storage would be back with the next hub.
    if (this.#held.store === undefined) return this.#working;
    const over = ids.filter((id) => this.catalog.get(id)?.isOpen === false);
    const live = over.map((id) => this.findLive(id)).filter((at) => at !== undefined);
    // At once, so that nothing of them is planned to be written meanwhile.
    const writes = this.#remover.forget(over);
    for (const at of live) this.#options.onDeleted(at);
    return this.#do(() => this.#held.write(writes));
  }

  /** Writes everything that was noted, and lets go of the storage for the next hub. Never rejects. */
  async end(): Promise<void> {
    await this.flush();
    this.#letGo();
  }

  /** The storage is not to be used any more. */
  stop(): void {
    this.#letGo();
    this.#teller.storage = 'memory';
    this.#teller.tell([]);
  }

  #letGo(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#held.letGo();
    this.#shelves.clear();
  }

  #createHeld(): HeldStore {
    const { state, onNotice } = this.#options;
    let dropped = 0;
    return new HeldStore({
      makeRoom: () => {
        const drops = dropsWhenFull(this.catalog, state);
        dropped = drops.length;
        return this.#remover.drop(drops);
      },
      onRoomMade: () => onNotice(roomSentence(dropped)),
      onFailed: (error) => this.#fail(error),
    });
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
    if (this.#held.store === undefined || !this.#shelves.isDirty) return;
    const plan = this.#shelves.plan(this.#options.clock.nowMs());
    await this.#held.write(plan.writes);
    this.#teller.tell(plan.runs);
    if (this.#options.clock.nowMs() - this.#retainedAtMs >= RETAIN_INTERVAL_MS) await this.#retain();
    await this.#compact();
  }

  async #retain(): Promise<void> {
    if (this.#held.store === undefined) return;
    const { clock, state } = this.#options;
    const nowMs = clock.nowMs();
    this.#retainedAtMs = nowMs;
    const drops = dropsNow(this.catalog, state, { limits: historyLimits(this.#limits), nowMs });
    if (drops.length > 0) await this.#held.write(this.#remover.drop(drops));
  }

  get #maxIterations(): number {
    return this.#limits.maxIterations ?? DEFAULT_KEEP_LIMITS.maxIterations;
  }

  /** Of runs that are over less is kept now. It is stored at once which have not been seen to, so that the next hub goes on. */
  #compactAgain(): void {
    const compact = [...this.catalog.all()].filter(({ isCompact }) => isCompact);
    for (const run of compact) this.catalog.put({ ...run, isCompact: false });
    void this.#do(() => this.#writeLines(compact.map(keyOfRun)));
    this.#compactOneByOne();
  }

  /** Writes the lines of runs as they are by then, of those that are kept by then. */
  async #writeLines(ids: readonly HistoryKey[]): Promise<void> {
    const runs = ids.map((id) => this.catalog.get(id)).filter((run) => run !== undefined);
    await this.#held.write(runs.map(putOf));
  }

  /** What comes meanwhile is written in between. */
  #compactOneByOne(): void {
    void this.#do(async () => {
      if (await this.#compact()) this.#compactOneByOne();
    });
  }

  /** Leaves out what is not kept of a run that is over: of one at a time, because it is read for that. Says if there was one. */
  async #compact(): Promise<boolean> {
    const store = this.#held.store;
    const run = [...this.catalog.all()].find((each) => !each.isOpen && !each.isCompact);
    if (store === undefined || run === undefined) return false;
    const maxIterations = this.#maxIterations;
    const { writes, bytes } = await compactRun(store, { catalog: this.catalog, run, maxIterations });
    // Meanwhile the person may have pinned it, or deleted it.
    const now = this.catalog.get(keyOfRun(run));
    if (now === undefined) return true;
    const compact = { ...now, bytes, isCompact: maxIterations === this.#maxIterations };
    this.#shelves.get(producerOf(run))?.seal();
    this.catalog.put(compact);
    await this.#held.write([...writes, putOf(compact)]);
    this.#teller.tell([keyOfRun(run)]);
    return true;
  }

  #fail(error: unknown): void {
    if (this.#held.store === undefined) return;
    this.stop();
    this.#options.onNotice(lostSentence(error));
  }
}

function putOf(run: StoredRun): CacheWrite {
  const { sourceId, producerId, begins } = run;
  return { kind: 'put', to: 'runs', key: [sourceId, producerId, begins.epoch, begins.sequence], value: run };
}
