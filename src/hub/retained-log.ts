import { MAX_ITERATIONS, MAX_RUNS } from '../protocol/wire/limits.ts';
import { EPHEMERAL_TYPES } from '../protocol/wire/ensemble-message.ts';
import type { LoggedIteration } from './log-conversations.ts';
import { LogRun, type IsReviewOpen } from './log-run.ts';
import { comparePositions, textField, type LoggedEvent, type LogPosition } from './logged-event.ts';
import { MAX_BYTES_PER_PRODUCER, excessRuns, planShrink } from './retention-policy.ts';
import { BOUNDARY_TYPES, beginsRun, noteFreshEpoch, splitRuns } from './run-boundary.ts';

/** Limits of a {@link RetainedLog}, and what it asks about reviews. */
export interface RetainedLogOptions {
  readonly maxRuns?: number;
  readonly maxIterations?: number;
  readonly maxBytes?: number;
  /** Keep tokens until the answer they belong to is there: for a keeper that reduces runs again. */
  readonly keepsTokens?: boolean;
  readonly isReviewOpen: IsReviewOpen;
}

/** What a log knows of one of its runs. */
export interface RunSummary {
  /** `undefined` while no start has been seen. */
  readonly ensembleId: string | undefined;
  /** Where its first event stands; tells it from the other runs of its producer. */
  readonly begins: LogPosition;
  readonly eventCount: number;
  readonly bytes: number;
  readonly hadTask: boolean;
  readonly hasEnded: boolean;
  /** How many of its events retention let go. */
  readonly letGo: number;
}

/** Where an event went. Run indexes count from the oldest kept run and hold until the next call. */
export type Placement =
  /** Behind all others, in the newest run. */
  | { readonly kind: 'appended'; readonly runIndex: number; readonly beginsRun: boolean }
  /** Among others: reduce that run again from its start; `isRecut`: it and all runs after it are other runs now. */
  | { readonly kind: 'inserted'; readonly runIndex: number; readonly isRecut: boolean }
  /** Of the moment, here already, or of a run that is gone. */
  | { readonly kind: 'not-kept' };

/** What adding an event did. */
export interface AddOutcome {
  readonly placement: Placement;
  /** How many events had to go for it, those of dropped runs included. */
  readonly letGo: number;
  /** The runs that had to go for it, as they were. */
  readonly droppedRuns: readonly RunSummary[];
}

/** What retention has let go since the log was made. */
export interface LetGo {
  readonly events: number;
  readonly runs: number;
}

/** The share that comes free when the budget is exceeded, so that not every event after that has to make room. */
const SLACK = 1 / 16;

/**
 * What is kept of one producer: its events in order of (epoch, sequence), cut
 * into runs, within limits. Appending costs the same however much there is. A
 * late event costs a binary search and its insertion; a late iteration a look
 * at all of its run besides, and a late start cuts its run and those after it anew.
 *
 * A run begins at an `ensemble_started`, if the one before had a task or has
 * ended, and with a life that begins at 1. What goes when a limit is reached,
 * and what never goes, is said in `retention-policy.ts`; runs with an open
 * review, and what cannot be let go of the rest, may exceed the limits.
 */
export class RetainedLog<M extends object = object> {
  readonly #maxRuns: number;
  #maxIterations: number;
  readonly #maxBytes: number;
  readonly #keepsTokens: boolean;
  readonly #isReviewOpen: IsReviewOpen;
  readonly #freshEpochs = new Set<number>();
  #runs: LogRun<M>[] = [];
  #droppedThrough: LogPosition = { epoch: 0, sequence: 0 };
  #bytesAfterShrink = 0;
  /** The review that is being added. */
  #arriving: string | undefined;
  #letGoEvents = 0;
  #letGoRuns = 0;

  constructor(options: RetainedLogOptions) {
    this.#maxRuns = options.maxRuns ?? MAX_RUNS;
    this.#maxIterations = options.maxIterations ?? MAX_ITERATIONS;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES_PER_PRODUCER;
    this.#keepsTokens = options.keepsTokens ?? false;
    // Whoever is asked hears of a review only when it has its place.
    this.#isReviewOpen = (reviewId) => reviewId === this.#arriving || options.isReviewOpen(reviewId);
  }

  get bytes(): number {
    return this.#runs.reduce((sum, run) => sum + run.bytes, 0);
  }

  /** How many events are kept. */
  get size(): number {
    return this.#runs.reduce((sum, run) => sum + run.eventCount, 0);
  }

  /** Keeps an event, if it is of a kind that is kept, and makes room for it. */
  add(event: LoggedEvent<M>): AddOutcome {
    this.#arriving = event.type === 'review_requested' ? textField(event.message, 'reviewId') : undefined;
    const before = this.#letGoInRuns();
    const recutFrom = event.sequence === 1 ? this.epochBegan(event.epoch, 1) : undefined;
    const placed = this.#isKept(event) ? this.#place(event, recutFrom) : this.#recutAt(recutFrom);
    const droppedRuns = placed === undefined ? [] : this.#enforceLimits();
    this.#arriving = undefined;
    return { placement: this.#placementOf(placed), letGo: this.#letGoInRuns() - before, droppedRuns };
  }

  /**
   * A life of the process begins at this number. One that begins at 1 ends the
   * run before it. Returns the index of the first run that is another one now,
   * if events of that life are here already.
   */
  epochBegan(epoch: number, firstSequence: number): number | undefined {
    if (firstSequence !== 1 || this.#freshEpochs.has(epoch)) return undefined;
    noteFreshEpoch(this.#freshEpochs, epoch);
    const index = this.#runIndexOf({ epoch, sequence: 1 });
    const run = this.#runs[index];
    if (run === undefined || run.begins.epoch >= epoch || run.end.epoch < epoch) return undefined;
    this.#recut(index);
    return index;
  }

  /** All kept events, oldest first. */
  events(): LoggedEvent<M>[] {
    return this.#runs.flatMap((run) => run.events);
  }

  /** The kept runs, oldest first. */
  runs(): RunSummary[] {
    return this.#runs.map(summarise);
  }

  /** The events of one run, oldest first; a view that the next call may change. */
  eventsOfRun(index: number): readonly LoggedEvent<M>[] {
    return this.#runs[index]?.events ?? [];
  }

  /** The kept iterations of the newest run, in the order they began. */
  iterationPairs(): LoggedIteration<M>[] {
    return this.#runs.at(-1)?.iterations() ?? [];
  }

  /** The reviews whose request is kept and that are open, oldest first. */
  openReviewIds(): string[] {
    return this.#runs.flatMap((run) => run.openReviewIds(this.#isReviewOpen));
  }

  /** What retention has let go. Events of the moment, and tokens whose answer came, were never to be kept. */
  letGo(): LetGo {
    return { events: this.#letGoInRuns(), runs: this.#letGoRuns };
  }

  /** Lets so many bytes go, or as many as can, as it does when it has grown beyond its own limit. */
  shrinkBy(bytes: number): Omit<AddOutcome, 'placement'> {
    const before = this.#letGoInRuns();
    const droppedRuns = this.#shrinkBy(bytes);
    return { letGo: this.#letGoInRuns() - before, droppedRuns };
  }

  /** Keeps so many iterations of each conversation from now on. */
  limit(maxIterations: number): void {
    this.#maxIterations = maxIterations;
    for (const run of this.#runs) run.limit(maxIterations);
  }

  /** Lets go of the run that begins there, if it is kept; says what it was. */
  dropRun(begins: LogPosition): RunSummary[] {
    return this.#dropRuns([this.#runs.findIndex((run) => comparePositions(run.begins, begins) === 0)]);
  }

  #isKept(event: LoggedEvent<M>): boolean {
    if (this.#keepsTokens && event.type === 'token') return true;
    return !EPHEMERAL_TYPES.has(event.type);
  }

  #letGoInRuns(): number {
    return this.#runs.reduce((sum, run) => sum + run.letGo, this.#letGoEvents);
  }

  #place(event: LoggedEvent<M>, recutFrom: number | undefined): Placed<M> | undefined {
    const last = this.#runs.at(-1);
    const end = last?.end ?? this.#droppedThrough;
    if (comparePositions(event, end) <= 0) return this.#insert(event, recutFrom);
    if (last === undefined || beginsRun(event.type, last.phase) || this.#isCut(event, end)) {
      const run = new LogRun(event, this.#maxIterations);
      this.#runs.push(run);
      return { kind: 'appended', run, beginsRun: true };
    }
    last.append(event);
    return { kind: 'appended', run: last, beginsRun: false };
  }

  #insert(event: LoggedEvent<M>, recutFrom: number | undefined): Placed<M> | undefined {
    const found = this.#runIndexOf(event);
    const index = Math.max(found, 0);
    const run = this.#runs[index];
    const isOfGoneRun = found < 0 && comparePositions(event, this.#droppedThrough) <= 0;
    if (isOfGoneRun) this.#letGoEvents += 1;
    if (isOfGoneRun || run === undefined || run.has(event)) return undefined;
    run.insert(event);
    const isRecut = recutFrom !== undefined || movesBoundaries(event, run);
    const from = Math.min(recutFrom ?? index, index);
    if (isRecut) this.#recut(from);
    return { kind: 'inserted', run: this.#runs[from] ?? run, isRecut };
  }

  /** What is not kept may still have told where a life begins. */
  #recutAt(recutFrom: number | undefined): Placed<M> | undefined {
    const run = recutFrom === undefined ? undefined : this.#runs[recutFrom];
    return run === undefined ? undefined : { kind: 'inserted', run, isRecut: true };
  }

  /** In terms of indexes, now that runs may have been dropped. */
  #placementOf(placed: Placed<M> | undefined): Placement {
    const runIndex = placed === undefined ? -1 : this.#runs.indexOf(placed.run);
    if (placed === undefined || runIndex < 0) return { kind: 'not-kept' };
    if (placed.kind === 'appended') return { kind: 'appended', runIndex, beginsRun: placed.beginsRun };
    return { kind: 'inserted', runIndex, isRecut: placed.isRecut };
  }

  #isCut(event: LogPosition, previous: LogPosition): boolean {
    return event.epoch !== previous.epoch && this.#freshEpochs.has(event.epoch);
  }

  /** The index of the last run that does not begin after `position`, or -1. */
  #runIndexOf(position: LogPosition): number {
    for (let index = this.#runs.length - 1; index >= 0; index -= 1) {
      const run = this.#runs[index];
      if (run !== undefined && comparePositions(run.begins, position) <= 0) return index;
    }
    return -1;
  }

  #recut(from: number): void {
    const old = this.#runs.splice(from);
    const events = old.flatMap((run) => run.events);
    let letGo = old.reduce((sum, run) => sum + run.letGo, 0);
    for (const [first, ...rest] of splitRuns(events, (event, previous) => this.#isCut(event, previous))) {
      if (first === undefined) continue;
      const run = new LogRun(first, this.#maxIterations, letGo);
      for (const event of rest) run.append(event);
      this.#runs.push(run);
      letGo = 0;
    }
    this.#letGoEvents += letGo;
  }

  #enforceLimits(): RunSummary[] {
    const dropped: RunSummary[] = [];
    if (this.#runs.length > this.#maxRuns) {
      const weights = this.#runs.map((run) => ({
        hasOpenReview: run.openReviewIds(this.#isReviewOpen).length > 0,
      }));
      dropped.push(...this.#dropRuns(excessRuns(weights, this.#maxRuns)));
    }
    const { bytes } = this;
    this.#bytesAfterShrink = Math.min(this.#bytesAfterShrink, bytes);
    if (bytes > Math.max(this.#maxBytes, this.#bytesAfterShrink * (1 + SLACK))) {
      dropped.push(...this.#shrinkBy(bytes - this.#maxBytes * (1 - SLACK)));
      this.#bytesAfterShrink = this.bytes;
    }
    return dropped;
  }

  #shrinkBy(excessBytes: number): RunSummary[] {
    const steps = planShrink(
      this.#runs.map((run) => run.weight(this.#isReviewOpen)),
      excessBytes,
    );
    for (const step of steps) {
      if (step.kind === 'trim') this.#runs[step.runIndex]?.trim(step.trimClass, step.bytes, this.#isReviewOpen);
    }
    return this.#dropRuns(steps.filter((step) => step.kind === 'drop').map((step) => step.runIndex));
  }

  #dropRuns(indexes: readonly number[]): RunSummary[] {
    const gone = this.#runs.filter((_, index) => indexes.includes(index));
    if (gone.length === 0) return [];
    this.#runs = this.#runs.filter((_, index) => !indexes.includes(index));
    for (const run of gone) {
      this.#letGoEvents += run.letGo + run.eventCount;
      this.#letGoRuns += 1;
      if (comparePositions(run.end, this.#droppedThrough) > 0) this.#droppedThrough = run.end;
    }
    return gone.map(summarise);
  }
}

type Placed<M extends object> =
  | { readonly kind: 'appended'; readonly run: LogRun<M>; readonly beginsRun: boolean }
  | { readonly kind: 'inserted'; readonly run: LogRun<M>; readonly isRecut: boolean };

/** Whether a late event, which is in its run by now, may change where runs begin. */
function movesBoundaries(event: LoggedEvent, run: LogRun<object>): boolean {
  if (event.type === 'ensemble_started') return true;
  if (BOUNDARY_TYPES.has(event.type) && run.hasInnerStart) return true;
  return event.epoch !== run.begins.epoch || event.epoch !== run.end.epoch;
}
function summarise(run: LogRun<object>): RunSummary {
  const { ensembleId, begins, bytes, letGo, phase } = run;
  return {
    ensembleId,
    begins: { epoch: begins.epoch, sequence: begins.sequence },
    eventCount: run.eventCount,
    bytes,
    ...phase,
    letGo,
  };
}
