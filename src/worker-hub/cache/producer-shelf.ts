import type { HubState } from '../../hub/hub-state.ts';
import { keepEvents, keepProducer, keepReview, type KeptPicture } from '../../hub/keep-producer.ts';
import { keptEventText } from '../../hub/kept-event-text.ts';
import type { KeptRun } from '../../hub/kept-producer.ts';
import type { KeptFiller, LoggedChange } from '../../hub/logged-change.ts';
import { comparePositions, type LogPosition } from '../../hub/logged-event.ts';
import { splitProducerKey, type ProducerKey, type ReviewKey } from '../../protocol/tab/keys.ts';
import { historyKey, type HistoryKey } from '../../protocol/tab/history-model.ts';
import type { CacheWrite, PlaceKey } from './cache-store.ts';
import { planChunks, type ChunkTail } from './chunk-plan.ts';
import { keyOfRun, placeOf, type RunCatalog } from './run-catalog.ts';
import { shiftPlace, shiftProducer, shiftReview, shiftRun } from './shift-epochs.ts';
import { RECORD_VERSION, type StoredChunk, type StoredReview, type StoredRun } from './stored-records.ts';

interface PendingEvent extends LogPosition {
  readonly text: string;
  readonly arrivedAtMs: number;
}

/** What a shelf works with. */
export interface ShelfPlace {
  readonly state: HubState;
  readonly catalog: RunCatalog;
  readonly nowMs: number;
}

/** What is to be written, and which lines of the history differ. */
export interface ShelfPlan {
  readonly writes: CacheWrite[];
  readonly runs: Set<HistoryKey>;
}

/** Gathers what is to outlast the hub of one producer, from one write to the next, and says how it is to be written. */
export class ProducerShelf {
  readonly key: ProducerKey;
  /** By how much the lives of this producer count higher in the storage than in the hub. */
  readonly shift: number;
  #events: PendingEvent[] = [];
  #fillers: KeptFiller[] = [];
  readonly #reviews = new Set<ReviewKey>();
  #isRenumbered = false;
  #hasLeft = false;
  #tail: (ChunkTail & { readonly of: string }) | undefined;
  /** The runs that the hub still has and the storage has let go. */
  readonly #gone = new Map<HistoryKey, LogPosition>();

  constructor(key: ProducerKey, shift: number) {
    this.key = key;
    this.shift = shift;
  }

  note(change: LoggedChange): void {
    switch (change.kind) {
      case 'event': {
        const { event } = change;
        const place = shiftPlace(event, this.shift);
        this.#events.push({ ...place, text: keptEventText(change), arrivedAtMs: event.arrivedAtMs });
        return;
      }
      case 'filled':
        this.#fillers.push({ after: shiftPlace(change.after, this.shift), pair: change.pair });
        return;
      case 'renumbered':
        this.#isRenumbered = true;
        return;
      case 'review':
        this.#reviews.add(change.review);
        return;
      case 'left':
        this.#hasLeft = true;
        return;
      case 'touched':
        return;
    }
  }

  /** The storage has let go of a run: what still comes of it is not written any more. */
  forget(run: Pick<StoredRun, 'begins'>): void {
    this.#gone.set(historyKey(this.key, run.begins), run.begins);
    this.#tail = undefined;
  }

  /** What was written last lies elsewhere now, and gathers no more. */
  seal(): void {
    this.#tail = undefined;
  }

  /** Everything since the last time. What it says is written already is, unless the write fails for good. */
  plan(place: ShelfPlace): ShelfPlan {
    const plan: ShelfPlan = { writes: [], runs: new Set() };
    // Another visit may have begun already, which is none of this shelf.
    const picture = this.#hasLeft ? undefined : keepProducer(place.state, this.key);
    if (picture === undefined) this.#leave(place, plan);
    else this.#goOn(place, plan, picture);
    this.#writeEvents(place, plan);
    this.#writeFillers(place, plan);
    this.#writeReviews(place, plan);
    for (const id of plan.runs) this.#writeRun(place, plan, id);
    return plan;
  }

  #goOn({ state, catalog }: ShelfPlace, plan: ShelfPlan, picture: KeptPicture): void {
    const kept = shiftProducer(picture.producer, this.shift);
    const stored = { version: RECORD_VERSION, kept, isListed: true };
    catalog.producers.set(this.key, stored);
    plan.writes.push({ kind: 'producer', key: this.#keyPair(), value: stored });
    const runs = picture.runs.map((run) => shiftRun(run, this.shift)).filter((run) => !this.#isGone(run.begins));
    const first = runs[0];
    if (first === undefined) return;
    const known = catalog.of(this.key).filter(({ begins }) => comparePositions(begins, first.begins) >= 0);
    const isRecut = known.some((run) => !holds(runs, run)) || this.#takesFromOthers(state, { known, runs });
    if (isRecut || this.#isRenumbered) this.#beginAnew(state, plan, { catalog, known, first });
    for (const run of runs) this.#describe({ catalog, plan, known }, run, picture);
  }

  /** A run that was not known may begin in the middle of one that was: what it takes from that one is written already. */
  #takesFromOthers(
    state: HubState,
    { known, runs }: { readonly known: readonly KeptRun[]; readonly runs: readonly KeptRun[] },
  ): boolean {
    const from = runs.find((run) => !holds(known, run))?.begins;
    if (from === undefined || known.length === 0) return false;
    const pending = new Set(this.#events.map(({ epoch, sequence }) => `${epoch} ${sequence}`));
    return keepEvents(state, this.key, shiftPlace(from, -this.shift))
      .map(({ event }) => shiftPlace(event, this.shift))
      .some(({ epoch, sequence }) => !pending.has(`${epoch} ${sequence}`));
  }

  /** Where runs begin has changed, or all numbers: everything from the first of them on is written again. */
  #beginAnew(
    state: HubState,
    plan: ShelfPlan,
    { catalog, known, first }: { catalog: RunCatalog; known: readonly StoredRun[]; first: KeptRun },
  ): void {
    const stretch = { ...this.#ids(), from: placeOf(first.begins) };
    plan.writes.push({ kind: 'clear', from: 'events', stretch }, { kind: 'clear', from: 'runs', stretch });
    for (const run of known) {
      catalog.delete(run);
      plan.runs.add(keyOfRun(run));
    }
    this.#events = keepEvents(state, this.key).map((event) => ({
      ...shiftPlace(event.event, this.shift),
      text: keptEventText(event),
      arrivedAtMs: event.event.arrivedAtMs,
    }));
    this.#tail = undefined;
    this.#isRenumbered = false;
  }

  #describe(
    { catalog, plan, known }: { catalog: RunCatalog; plan: ShelfPlan; known: readonly StoredRun[] },
    run: KeptRun,
    { producer }: KeptPicture,
  ): void {
    const id = historyKey(this.key, run.begins);
    const before = catalog.get(id);
    const { serviceName, sourceLabel } = producer;
    const isPinned = before?.isPinned ?? known.some((other) => isSameRun(other, run) && other.isPinned);
    catalog.put({
      ...run,
      ...this.#ids(),
      ...(serviceName === undefined ? {} : { serviceName }),
      version: RECORD_VERSION,
      sourceLabel,
      bytes: before?.bytes ?? 0,
      lastAtMs: before?.lastAtMs ?? 0,
      isPinned,
      isCompact: before?.isCompact ?? false,
    });
    if (before === undefined || !isSameLine(before, run)) plan.runs.add(id);
  }

  /** It has left the live roster: its runs are all that is left of it, and nothing is added to them any more. */
  #leave({ catalog }: ShelfPlace, plan: ShelfPlan): void {
    const stored = catalog.producers.get(this.key);
    if (stored !== undefined) {
      const left = { ...stored, isListed: false };
      catalog.producers.set(this.key, left);
      plan.writes.push({ kind: 'producer', key: this.#keyPair(), value: left });
    }
    for (const run of catalog.of(this.key)) {
      if (!run.isOpen) continue;
      catalog.put(closed(run));
      plan.runs.add(keyOfRun(run));
    }
  }

  #writeEvents({ catalog }: ShelfPlace, plan: ShelfPlan): void {
    const events = this.#events.sort(comparePositions);
    this.#events = [];
    const runs = catalog.of(this.key);
    const ofRuns = groupBy(events, (event) => this.#runAt(runs, event));
    for (const [run, ofRun] of ofRuns) {
      if (run === undefined) continue;
      for (const [epoch, ofLife] of groupBy(ofRun, (event) => event.epoch)) {
        this.#writeLife(plan, { of: `${keyOfRun(run)} ${epoch}`, epoch }, ofLife);
      }
      const bytes = run.bytes + ofRun.reduce((sum, { text }) => sum + text.length, 0);
      const lastAtMs = ofRun.reduce((last, { arrivedAtMs }) => Math.max(last, arrivedAtMs), run.lastAtMs);
      catalog.put({ ...run, bytes, lastAtMs, isCompact: false });
      plan.runs.add(keyOfRun(run));
    }
  }

  #writeLife(plan: ShelfPlan, { of, epoch }: { of: string; epoch: number }, events: readonly PendingEvent[]): void {
    const { deletes, puts, tail } = planChunks(events, this.#tail?.of === of ? this.#tail : undefined);
    this.#tail = tail === undefined ? undefined : { ...tail, of };
    for (const first of deletes)
      plan.writes.push({ kind: 'delete', from: 'events', key: this.#at({ epoch, sequence: first }) });
    for (const { first, texts } of puts) {
      const value: StoredChunk = { version: RECORD_VERSION, texts };
      plan.writes.push({ kind: 'put', to: 'events', key: this.#at({ epoch, sequence: first }), value });
    }
  }

  #writeFillers({ nowMs }: ShelfPlace, plan: ShelfPlan): void {
    for (const [index, { after, pair }] of this.#fillers.entries()) {
      const value: StoredChunk = { version: RECORD_VERSION, texts: [JSON.stringify(pair)] };
      plan.writes.push({ kind: 'put', to: 'fillers', key: [...this.#at(after), nowMs, index], value });
    }
    this.#fillers = [];
  }

  #writeReviews({ state }: ShelfPlace, plan: ShelfPlan): void {
    for (const key of this.#reviews) {
      const write = writeReview(state, { key, shift: this.shift });
      if (write !== undefined) plan.writes.push(write);
    }
    this.#reviews.clear();
  }

  #writeRun({ catalog }: ShelfPlace, plan: ShelfPlan, id: HistoryKey): void {
    const run = catalog.get(id);
    if (run !== undefined) plan.writes.push({ kind: 'put', to: 'runs', key: this.#at(run.begins), value: run });
  }

  /** The run in which a place is; `undefined` if it is before all of them, or in one that was let go. */
  #runAt(runs: readonly StoredRun[], place: LogPosition): StoredRun | undefined {
    const run = runs.filter(({ begins }) => comparePositions(begins, place) <= 0).at(-1);
    const isGone = [...this.#gone.values()].some(
      (begins) =>
        comparePositions(begins, place) <= 0 && (run === undefined || comparePositions(run.begins, begins) < 0),
    );
    return isGone ? undefined : run;
  }

  #isGone(begins: LogPosition): boolean {
    return this.#gone.has(historyKey(this.key, begins));
  }

  #ids(): { sourceId: string; producerId: string } {
    return splitProducerKey(this.key);
  }

  #keyPair(): [string, string] {
    const { sourceId, producerId } = this.#ids();
    return [sourceId, producerId];
  }

  #at({ epoch, sequence }: LogPosition): PlaceKey {
    const { sourceId, producerId } = this.#ids();
    return [sourceId, producerId, epoch, sequence];
  }

  /** How a review is to be written at once; `undefined` if it is not kept. */
  reviewWrite(state: HubState, key: ReviewKey): CacheWrite | undefined {
    this.#reviews.delete(key);
    return writeReview(state, { key, shift: this.shift });
  }
}

/** A run to which nothing is added any more. */
export function closed(run: StoredRun): StoredRun {
  const isOver = run.state !== 'running' && run.state !== 'waiting';
  return { ...run, isOpen: false, state: isOver ? run.state : 'lost-touch' };
}

function writeReview(state: HubState, { key, shift }: { key: ReviewKey; shift: number }): CacheWrite | undefined {
  const producer = state.reviews.get(key)?.producer;
  const kept = keepReview(state, key);
  if (kept === undefined || producer === undefined) return undefined;
  const review = shiftReview(kept, shift);
  const { epoch, sequence, reviewId } = review.record;
  return {
    kind: 'put',
    to: 'reviews',
    key: [producer.sourceId, producer.producerId, epoch, sequence, reviewId],
    value: { version: RECORD_VERSION, review } satisfies StoredReview,
  };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function holds(runs: readonly KeptRun[], { begins }: KeptRun): boolean {
  return runs.some((run) => comparePositions(run.begins, begins) === 0);
}

/** What is called alike is the same run, wherever it begins now. */
function isSameRun(a: KeptRun, b: KeptRun): boolean {
  return a.ensembleId !== undefined && a.ensembleId === b.ensembleId;
}

function isSameLine(before: StoredRun, run: KeptRun): boolean {
  return Object.entries(run).every(([name, value]) => name === 'begins' || Object.is(Reflect.get(before, name), value));
}
