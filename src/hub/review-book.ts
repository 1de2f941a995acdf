import { DueTimes } from './review-deadline.ts';
import { changeReview, isUnsettled, type ReviewChange, type ReviewRecord } from './review-record.ts';
import { ReviewShelf, type ReviewEntry, type SubjectOf } from './review-shelf.ts';

/** How a {@link ReviewBook} keeps its records. */
export interface ReviewBookOptions {
  /** How long a decision is kept for its process, in milliseconds. */
  readonly holdMs: number;
  /** How many reviews of one producer are kept; of those above it the oldest that is settled goes first. */
  readonly maxPerProducer: number;
  /** Whether texts are kept when their review is settled: a person may want to read them, a relay has no use for them. */
  readonly keepsTexts: boolean;
  /** By what a task is remembered; by its description unless told otherwise. */
  readonly subjectOf?: SubjectOf | undefined;
}

/** A look-up table for each question that an event can raise, all of them kept in step with the records. */
export class ReviewBook {
  readonly #options: ReviewBookOptions;
  readonly #byId = new Map<string, ReviewEntry>();
  readonly #shelves = new Map<string, ReviewShelf>();
  readonly #waiting = new Set<ReviewEntry>();
  readonly #due = new DueTimes<ReviewEntry>();

  constructor(options: ReviewBookOptions) {
    this.#options = options;
  }

  /** How much is kept, for leak checks and status. */
  get sizes(): {
    readonly reviews: number;
    readonly producers: number;
    readonly waiting: number;
    readonly due: number;
  } {
    return {
      reviews: this.#byId.size,
      producers: this.#shelves.size,
      waiting: this.#waiting.size,
      due: this.#due.size,
    };
  }

  entry(reviewId: string): ReviewEntry | undefined {
    return this.#byId.get(reviewId);
  }

  /** In the order of their announcement. */
  entries(producerId?: string): readonly ReviewEntry[] {
    if (producerId === undefined) return [...this.#byId.values()];
    return [...(this.#shelves.get(producerId)?.entries.values() ?? [])];
  }

  /** The entries whose decision, made here, is on its way: held, or handed over without evidence yet. */
  waiting(): readonly ReviewEntry[] {
    return [...this.#waiting];
  }

  shelf(producerId: string): ReviewShelf | undefined {
    return this.#shelves.get(producerId);
  }

  openShelf(producerId: string): ReviewShelf {
    const known = this.#shelves.get(producerId);
    if (known !== undefined) return known;
    const shelf = new ReviewShelf(this.#options.subjectOf);
    this.#shelves.set(producerId, shelf);
    return shelf;
  }

  /** Takes in a record whose id is free. */
  add(record: ReviewRecord): ReviewEntry {
    const { taskDescription } = record.request;
    const entry: ReviewEntry = {
      record,
      subject: this.#options.subjectOf?.(taskDescription) ?? taskDescription,
      isWatched: isUnsettled(record) || lacksHappening(record),
      isAmbiguous: false,
      sentAtMs: undefined,
      writtenOn: undefined,
      isAcknowledged: false,
      isRemote: false,
      isRestored: false,
    };
    this.#byId.set(record.reviewId, entry);
    this.openShelf(record.producerId).add(entry);
    this.reindex(entry);
    return entry;
  }

  /** What must go before one more review of this producer fits; `undefined` if it fits. */
  surplus(producerId: string): ReviewEntry | undefined {
    const entries = this.#shelves.get(producerId)?.entries;
    if (entries === undefined || entries.size < this.#options.maxPerProducer) return undefined;
    let oldest: ReviewEntry | undefined;
    for (const entry of entries.values()) {
      if (!isUnsettled(entry.record)) return entry;
      oldest ??= entry;
    }
    return oldest;
  }

  change(entry: ReviewEntry, change: ReviewChange, nowMs: number): ReviewRecord {
    entry.record = changeReview(entry.record, change, nowMs);
    this.reindex(entry);
    return entry.record;
  }

  /** Nothing more is to be learnt about it. */
  unwatch(entry: ReviewEntry): void {
    this.#shelves.get(entry.record.producerId)?.unwatch(entry);
    this.reindex(entry);
  }

  /** To be called when anything of an entry was changed that is not in its record. */
  reindex(entry: ReviewEntry): void {
    const isWaiting = entry.isWatched && entry.record.decision?.local === true && isUnsettled(entry.record);
    if (isWaiting) this.#waiting.add(entry);
    else this.#waiting.delete(entry);
    const dueMs = this.#dueMs(entry);
    if (dueMs === undefined) this.#due.delete(entry);
    else this.#due.set(entry, dueMs);
    if (!isWaiting && !this.#options.keepsTexts) entry.record = withoutTexts(entry.record);
  }

  drop(entry: ReviewEntry): void {
    this.#byId.delete(entry.record.reviewId);
    this.#shelves.get(entry.record.producerId)?.remove(entry);
    this.#waiting.delete(entry);
    this.#due.delete(entry);
  }

  dropShelf(producerId: string): void {
    for (const entry of this.entries(producerId)) this.drop(entry);
    this.#shelves.delete(producerId);
  }

  /** Until when the decision may be handed over, in milliseconds since the Unix epoch. */
  deliverUntilMs({ decision, deadlineMs }: ReviewRecord): number {
    return Math.min(deadlineMs ?? Infinity, (decision?.atMs ?? 0) + this.#options.holdMs);
  }

  nextDueMs(): number | undefined {
    return this.#due.next();
  }

  takeDue(nowMs: number): readonly ReviewEntry[] {
    return this.#due.take(nowMs);
  }

  #dueMs({ record, isWatched, isRemote }: ReviewEntry): number | undefined {
    if (!isWatched || isRemote || !isUnsettled(record)) return undefined;
    const { decision, deadlineMs, state } = record;
    if (decision === undefined) return deadlineMs;
    const isHeldHere = state.kind === 'held' && decision.local;
    return isHeldHere ? this.deliverUntilMs(record) : decision.atMs + this.#options.holdMs;
  }
}

/** Whether its time ran out, and what the process did then is still to be seen. */
function lacksHappening({ state }: ReviewRecord): boolean {
  if (state.kind === 'expired') return state.happened === undefined;
  return state.kind === 'refused' && state.reason === 'too late' && state.happened === undefined;
}

function withoutTexts(record: ReviewRecord): ReviewRecord {
  return withoutEdit(isUnsettled(record) ? record : withoutRequest(record));
}

/** Of the request of a review that is settled only what is looked at later. */
function withoutRequest(record: ReviewRecord): ReviewRecord {
  const { type, reviewId, timing, timeoutMs, onTimeout } = record.request;
  return { ...record, request: { type, reviewId, taskDescription: '', timing, timeoutMs, onTimeout } };
}

function withoutEdit(record: ReviewRecord): ReviewRecord {
  if (record.decision?.revisedOutput === undefined) return record;
  const { revisedOutput: _, ...decision } = record.decision;
  return { ...record, decision };
}
