import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { Instant } from '../protocol/wire/instant.ts';
import type { EnsembleCompleted, EnsembleStarted } from '../protocol/wire/ensemble.ts';
import type { LlmIterationCompleted, LlmIterationStarted } from '../protocol/wire/llm-iteration.ts';
import type { ReviewTimedOut } from '../protocol/wire/review.ts';
import type { TaskCompleted, TaskFailed, TaskStarted } from '../protocol/wire/task.ts';
import { isHeldBack, markAmbiguous } from './review-ambiguity.ts';
import type { ReviewBook } from './review-book.ts';
import { ownTimeMs, type DeadlineClock } from './review-deadline.ts';
import { isBefore, judge, showsProgress, type Position, type Signal, type TaskStep } from './review-evidence.ts';
import type { ReviewRecord, ReviewState } from './review-record.ts';
import type { ReviewEntry, ReviewShelf } from './review-shelf.ts';
import type { StartOfTask } from './unfinished-tasks.ts';

/** What may show how a review ended, and of it no more than is looked at. */
export type Evidential =
  | Pick<EnsembleStarted, 'type' | 'ensembleId'>
  | Pick<EnsembleCompleted, 'type' | 'ensembleId' | 'exitReason'>
  | Pick<TaskStarted, 'type' | 'taskDescription' | 'taskIndex' | 'startedAt'>
  | Pick<TaskCompleted | TaskFailed, 'type' | 'taskDescription' | 'taskIndex'>
  | Pick<LlmIterationStarted | LlmIterationCompleted, 'type' | 'taskDescription'>;

/** What a ledger is told: of most messages it needs to know little. */
export type LedgerMessage = Evidential | Exclude<EnsembleMessage, Pick<Evidential, 'type'>>;

/** One event of a producer, as the ledger is told of it. */
export interface LedgerEvent extends Position {
  /** As the publisher stamped it; of no account at an embedded dashboard. */
  readonly receivedAt: Instant;
  /** Milliseconds since the Unix epoch. */
  readonly arrivedAtMs: number;
  readonly message: LedgerMessage;
}

/** An event by which a process says that its time for a review is up. */
export type TimeOut = LedgerEvent & { readonly message: ReviewTimedOut };

/** A review about which nothing more is to be learnt, and where it stands now; without a state it stands where it did. */
export interface Verdict {
  readonly entry: ReviewEntry;
  readonly state: ReviewState | undefined;
}

interface Heard {
  readonly shelf: ReviewShelf;
  readonly event: LedgerEvent;
  readonly ourTimeMs: number;
}

/** Hears what producers do, and finds out what it shows of their reviews. Where a relay speaks for a review it says nothing. */
export class ReviewWitness {
  readonly #book: ReviewBook;
  readonly #clock: DeadlineClock;

  constructor(book: ReviewBook, clock: DeadlineClock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** Costs a look-up or two for an event that concerns no review. */
  hear(producerId: string, event: LedgerEvent): readonly Verdict[] {
    const { message } = event;
    const begins = message.type === 'ensemble_started' || message.type === 'task_started';
    const shelf = begins ? this.#book.openShelf(producerId) : this.#book.shelf(producerId);
    if (shelf === undefined) return [];
    const heard: Heard = { shelf, event, ourTimeMs: this.#ourTimeMs(shelf, event) };
    switch (message.type) {
      case 'ensemble_started':
        return this.#runStarted(heard, message.ensembleId);
      case 'ensemble_completed':
        return this.#runEnded(heard, message.ensembleId, message.exitReason);
      case 'task_started':
        return this.#taskStarted(heard, message);
      case 'task_completed':
      case 'task_failed':
        if (!shelf.isOver(event)) shelf.tasks.end(message);
        return this.#taskWent(heard, message.taskDescription, message.type === 'task_failed' ? 'failed' : 'completed');
      case 'llm_iteration_started':
      case 'llm_iteration_completed':
        return this.#taskWent(heard, message.taskDescription, 'iterated');
      default:
        return [];
    }
  }

  /** Another life of the process begins: what the one before it asked is no longer waited for. */
  restart(producerId: string, at: Position & { readonly atMs: number }): readonly Verdict[] {
    const shelf = this.#book.openShelf(producerId);
    shelf.restart(at);
    const evidence = { signal: { kind: 'restart' }, atMs: at.atMs, localMs: at.atMs } as const;
    return shelf
      .watched()
      .filter((entry) => !entry.isRemote && entry.record.epoch < at.epoch)
      .map((entry) => ({ entry, state: judge(entry.record, evidence, entry.sentAtMs) }));
  }

  #ourTimeMs(shelf: ReviewShelf, event: LedgerEvent): number {
    return this.#clock === 'arrival' ? event.arrivedAtMs : shelf.ourTimeMs(event);
  }

  #runStarted(heard: Heard, ensembleId: string): readonly Verdict[] {
    heard.shelf.beginRun(ensembleId, heard.event);
    return this.#concludeRun(heard, (record) => record.ensembleId !== ensembleId, undefined);
  }

  #runEnded(heard: Heard, ensembleId: string, exitReason: string): readonly Verdict[] {
    const { shelf, event } = heard;
    if (shelf.ensembleId === undefined || shelf.ensembleId === ensembleId) shelf.endBefore(event);
    const isOfRun = (record: ReviewRecord): boolean => (record.ensembleId ?? ensembleId) === ensembleId;
    return this.#concludeRun(heard, isOfRun, exitReason);
  }

  #concludeRun(
    heard: Heard,
    isOfRun: (record: ReviewRecord) => boolean,
    exitReason: string | undefined,
  ): readonly Verdict[] {
    const entries = heard.shelf.watched().filter((entry) => isOfRun(entry.record));
    return this.#conclude(heard, entries, { kind: 'run', exitReason });
  }

  #taskStarted(heard: Heard, task: StartOfTask): readonly Verdict[] {
    const { shelf, event } = heard;
    const { taskDescription } = task;
    const verdicts = this.#taskWent(heard, taskDescription, 'started');
    if (shelf.isOver(event) || !shelf.tasks.start(task)) return verdicts;
    for (const entry of shelf.watchedOf(taskDescription)) {
      // Its own task runs already, so this is another one.
      if (!isHeldBack(entry.record.request.timing) && isBefore(entry.record, event)) entry.isAmbiguous = true;
    }
    markAmbiguous(shelf, taskDescription);
    return verdicts;
  }

  #taskWent(heard: Heard, description: string, step: TaskStep): readonly Verdict[] {
    const entries = heard.shelf
      .watchedOf(description)
      .filter(({ record, isAmbiguous }) => !isAmbiguous && showsProgress(record.request.timing, step));
    return this.#conclude(heard, entries, { kind: 'task', step });
  }

  #conclude({ event, ourTimeMs }: Heard, entries: readonly ReviewEntry[], signal: Signal): readonly Verdict[] {
    if (entries.length === 0) return [];
    const evidence = { signal, atMs: ownTimeMs(event, this.#clock), localMs: ourTimeMs };
    return entries
      .filter(({ isRemote, record }) => !isRemote && isBefore(record, event))
      .map((entry) => ({ entry, state: judge(entry.record, evidence, entry.sentAtMs) }));
  }
}
