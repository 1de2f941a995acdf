import type { Instant } from '../protocol/wire/instant.ts';
import { isBefore, type Position } from './review-evidence.ts';
import type { ReviewRecord } from './review-record.ts';
import { UnfinishedTasks } from './unfinished-tasks.ts';

/** What stands for the description of a task where only the same one is looked for. */
export type SubjectOf = (description: string) => string;

/** A record and what the ledger remembers of it for itself. */
export interface ReviewEntry {
  record: ReviewRecord;
  /** By what its task is known: the record need not say it for as long as evidence is looked for. */
  readonly subject: string;
  /** Whether evidence can still say something about it. */
  isWatched: boolean;
  /** Whether several unfinished tasks have its description, so that only the end of the run is evidence. */
  isAmbiguous: boolean;
  /**
   * When the decision was last handed over, in milliseconds since the Unix epoch, and on which connection; at no time if that
   * connection ended so soon after that it need not have arrived.
   */
  sentAtMs: number | undefined;
  writtenOn: string | undefined;
  /** Whether a relay has said that it has the decision: then it delivers, and nobody else does. */
  isAcknowledged: boolean;
  /** Whether a relay speaks for this review on the connection that is open: then nothing is inferred here. */
  isRemote: boolean;
  /** Whether it was kept elsewhere, and what its producer said is being read in again: what that showed, its record says already. */
  isRestored: boolean;
}

/** The reviews of one producer, and what is known of its process that bears on them. */
export class ReviewShelf {
  /** In the order of their announcement. */
  readonly entries = new Map<string, ReviewEntry>();
  readonly tasks = new UnfinishedTasks();
  readonly #watched = new Map<string, Set<ReviewEntry>>();
  #ensembleId: string | undefined;
  #runBegan: Position | undefined;
  #over: Position | undefined;
  #clockOffsetMs: number | undefined;
  readonly #subjectOf: SubjectOf;

  constructor(subjectOf: SubjectOf = (description) => description) {
    this.#subjectOf = subjectOf;
  }

  /** The run that goes on; `undefined` if no start of one has been seen. */
  get ensembleId(): string | undefined {
    return this.#ensembleId;
  }

  /**
   * Learns how far the publisher's clock is behind ours, in milliseconds, from the event that was quickest to arrive,
   * and gives the time of this one by our clock, in milliseconds since the Unix epoch.
   */
  ourTimeMs({ receivedAt, arrivedAtMs }: { readonly receivedAt: Instant; readonly arrivedAtMs: number }): number {
    const offsetMs = arrivedAtMs - receivedAt.ms;
    this.#clockOffsetMs = Math.min(this.#clockOffsetMs ?? offsetMs, offsetMs);
    return receivedAt.ms + this.#clockOffsetMs;
  }

  /** Notes that a run begins here; answers `false` if a newer one is known, or if this run goes on already. */
  beginRun(ensembleId: string, at: Position): boolean {
    if (this.#runBegan !== undefined && !isBefore(this.#runBegan, at)) return false;
    if (this.#ensembleId === ensembleId) return false;
    this.#ensembleId = ensembleId;
    this.#runBegan = at;
    this.endBefore(at);
    return true;
  }

  /** Notes that another process goes on from here: its runs are others, its clock may be another. */
  restart(at: Position): void {
    this.endBefore(at);
    // Told late, it is no news to a run that has begun since.
    if (this.#runBegan !== undefined && isBefore(at, this.#runBegan)) return;
    this.#ensembleId = undefined;
    this.#clockOffsetMs = undefined;
  }

  /** Notes that what was announced before here belongs to a run that has ended. */
  endBefore(at: Position): void {
    if (this.#over !== undefined && !isBefore(this.#over, at)) return;
    this.#over = at;
    this.tasks.clear();
  }

  /** Whether the run that was going on here has ended since. */
  isOver(at: Position): boolean {
    return this.#over !== undefined && isBefore(at, this.#over);
  }

  add(entry: ReviewEntry): void {
    this.entries.set(entry.record.reviewId, entry);
    if (!entry.isWatched) return;
    const alike = this.#watched.get(entry.subject) ?? new Set();
    this.#watched.set(entry.subject, alike.add(entry));
  }

  /** Nothing more is to be learnt about it. */
  unwatch(entry: ReviewEntry): void {
    entry.isWatched = false;
    const alike = this.#watched.get(entry.subject);
    if (alike?.delete(entry) === true && alike.size === 0) this.#watched.delete(entry.subject);
  }

  remove(entry: ReviewEntry): void {
    this.unwatch(entry);
    this.entries.delete(entry.record.reviewId);
  }

  /** The watched reviews of tasks with this description. Costs one look-up where there is none. */
  watchedOf(description: string): readonly ReviewEntry[] {
    const alike = this.#watched.size === 0 ? undefined : this.#watched.get(this.#subjectOf(description));
    return alike === undefined ? [] : [...alike];
  }

  /** All watched reviews. */
  watched(): readonly ReviewEntry[] {
    return [...this.#watched.values()].flatMap((alike) => [...alike]);
  }
}
