import {
  comparePositions,
  conversationKey,
  indexOfPosition,
  numberField,
  textField,
  type LoggedEvent,
  type LogPosition,
} from './logged-event.ts';
import { trimClass, type RunWeight, type TrimClass } from './retention-policy.ts';
import { NEW_RUN, advanceRun, type RunPhase } from './run-boundary.ts';

/** One question to a model and its answer, as far as they are kept. */
export interface LoggedIteration<M extends object> {
  readonly started?: LoggedEvent<M>;
  readonly completed?: LoggedEvent<M>;
}

/** Tells whether a review is still open, by its id. */
export type IsReviewOpen = (reviewId: string) => boolean;

/** The types whose place among the others decides what is kept of a conversation, or who the run is. */
const ORDERED_TYPES: ReadonlySet<string> = new Set([
  'ensemble_started',
  'llm_iteration_started',
  'llm_iteration_completed',
  'token',
]);

/**
 * The kept events of one run, in order, with an index of its conversations. Of
 * each it keeps the newest `maxIterations`, and no token of one whose answer is
 * there: the answer holds the whole text.
 */
export class LogRun<M extends object> {
  readonly #maxIterations: number;
  #events: LoggedEvent<M>[] = [];
  /** Still in the list, until enough have gathered to be worth a pass over it. */
  readonly #removed = new Set<LoggedEvent<M>>();
  #removedBytes = 0;
  #conversations = new Map<string, LoggedIteration<M>[]>();
  #tokens = new Map<string, LoggedEvent<M>[]>();
  #reviews = new Map<string, LoggedEvent<M>>();
  #phase: RunPhase = NEW_RUN;
  #ensembleId: string | undefined;
  #hasInnerStart = false;
  #begins: LogPosition;
  #end: LogPosition;
  #bytes = 0;
  #letGo: number;

  /** `letGo` counts what retention let go of this run before. */
  constructor(first: LoggedEvent<M>, maxIterations: number, letGo = 0) {
    this.#maxIterations = maxIterations;
    this.#begins = first;
    this.#end = first;
    this.#letGo = letGo;
    this.append(first);
  }

  get events(): readonly LoggedEvent<M>[] {
    this.#compact();
    return this.#events;
  }

  get eventCount(): number {
    return this.#events.length - this.#removed.size;
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  get ensembleId(): string | undefined {
    return this.#ensembleId;
  }

  /** Whether a start stands anywhere but at the beginning, so that more may have to be cut off behind it. */
  get hasInnerStart(): boolean {
    return this.#hasInnerStart;
  }

  /** Where its first event stood, kept or not. */
  get begins(): LogPosition {
    return this.#begins;
  }

  /** Where its last event stood, kept or not. */
  get end(): LogPosition {
    return this.#end;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many events retention let go; tokens whose answer came are not lost and not counted. */
  get letGo(): number {
    return this.#letGo;
  }

  has(position: LogPosition): boolean {
    const event = this.#events[indexOfPosition(this.#events, position)];
    return event !== undefined && comparePositions(event, position) === 0;
  }

  /** Adds an event that comes after all others. */
  append(event: LoggedEvent<M>): void {
    this.#events.push(event);
    this.#end = event;
    this.#bytes += event.bytes;
    this.#note(event);
  }

  /** Adds an event wherever it belongs. */
  insert(event: LoggedEvent<M>): void {
    if (comparePositions(event, this.#begins) < 0) this.#begins = event;
    if (comparePositions(event, this.#end) > 0) {
      this.append(event);
      return;
    }
    this.#events.splice(indexOfPosition(this.#events, event), 0, event);
    if (ORDERED_TYPES.has(event.type)) {
      this.#reindex();
      return;
    }
    this.#bytes += event.bytes;
    this.#note(event);
  }

  /** Lets the oldest `bytes` of a group go, or all of it. */
  trim(group: TrimClass, bytes: number, isReviewOpen: IsReviewOpen): void {
    const dropped: LoggedEvent<M>[] = [];
    let freed = 0;
    for (const messages of this.#trimmable(group, isReviewOpen)) {
      if (freed >= bytes) break;
      for (const event of messages) freed += event.bytes;
      dropped.push(...messages);
    }
    this.#remove(dropped);
    this.#letGo += dropped.length;
    this.#reindex();
  }

  weight(isReviewOpen: IsReviewOpen): RunWeight {
    const trimmableBytes: Record<TrimClass, number> = { token: 0, iteration: 0, tool: 0, input: 0, other: 0 };
    for (const event of this.events) {
      const group = this.#groupOf(event, isReviewOpen);
      if (group !== undefined) trimmableBytes[group] += event.bytes;
    }
    return { bytes: this.#bytes, trimmableBytes, hasOpenReview: this.openReviewIds(isReviewOpen).length > 0 };
  }

  openReviewIds(isReviewOpen: IsReviewOpen): string[] {
    return [...this.#reviews.keys()].filter(isReviewOpen);
  }

  /** The kept iterations of all its conversations, in the order they began. */
  iterations(): LoggedIteration<M>[] {
    const byPosition = [...this.#conversations.values()].flat().map((iteration) => {
      const [first] = eventsOf(iteration);
      return { iteration, first };
    });
    byPosition.sort((a, b) => (a.first && b.first ? comparePositions(a.first, b.first) : 0));
    return byPosition.map((entry) => entry.iteration);
  }

  #groupOf(event: LoggedEvent<M>, isReviewOpen: IsReviewOpen): TrimClass | undefined {
    const reviewId = event.type === 'review_requested' ? textField(event.message, 'reviewId') : undefined;
    return trimClass(event.type, reviewId !== undefined && isReviewOpen(reviewId));
  }

  /** The messages of a group, oldest first, as they go together: an answer with its question. */
  #trimmable(group: TrimClass, isReviewOpen: IsReviewOpen): LoggedEvent<M>[][] {
    if (group === 'iteration') return this.iterations().map(eventsOf);
    return this.events.filter((event) => this.#groupOf(event, isReviewOpen) === group).map((event) => [event]);
  }

  #reindex(): void {
    const { events } = this;
    this.#events = [];
    this.#bytes = 0;
    this.#conversations = new Map();
    this.#tokens = new Map();
    this.#reviews = new Map();
    this.#hasInnerStart = false;
    const end = this.#end;
    for (const event of events) this.append(event);
    this.#end = end;
  }

  #note(event: LoggedEvent<M>): void {
    this.#phase = advanceRun(this.#phase, event.type);
    switch (event.type) {
      case 'ensemble_started':
        this.#ensembleId = textField(event.message, 'ensembleId');
        if (comparePositions(event, this.#begins) > 0) this.#hasInnerStart = true;
        break;
      case 'llm_iteration_started':
        this.#addIteration(conversationKey(event.message), { started: event });
        break;
      case 'llm_iteration_completed':
        this.#completeIteration(conversationKey(event.message), event);
        break;
      case 'token':
        this.#addToken(conversationKey(event.message), event);
        break;
      case 'review_requested':
        this.#reviews.set(textField(event.message, 'reviewId') ?? '', event);
        break;
    }
  }

  #addToken(key: string, event: LoggedEvent<M>): void {
    const tokens = this.#tokens.get(key);
    if (tokens === undefined) this.#tokens.set(key, [event]);
    else tokens.push(event);
  }

  #addIteration(key: string, iteration: LoggedIteration<M>): void {
    const iterations = this.#conversations.get(key) ?? [];
    this.#conversations.set(key, iterations);
    iterations.push(iteration);
    // What was streamed so far is all that there is of an answer that never came.
    if (iteration.completed === undefined) this.#tokens.delete(key);
    if (iterations.length <= this.#maxIterations) return;
    const oldest = iterations.shift();
    const dropped = oldest === undefined ? [] : eventsOf(oldest);
    this.#remove(dropped);
    this.#letGo += dropped.length;
  }

  #completeIteration(key: string, completed: LoggedEvent<M>): void {
    const iterationIndex = numberField(completed.message, 'iterationIndex');
    const iterations = this.#conversations.get(key) ?? [];
    const index = indexOfOpenQuestion(iterations, iterationIndex);
    const question = iterations[index];
    // The stream belongs to the question that was asked last, as long as that waits.
    const newest = iterations.at(-1);
    const isStreamOver = newest === question || (question === undefined && newest?.completed !== undefined);
    if (question === undefined) this.#addIteration(key, { completed });
    else iterations[index] = { ...question, completed };
    if (!isStreamOver) return;
    this.#remove(this.#tokens.get(key) ?? []);
    this.#tokens.delete(key);
  }

  #remove(dropped: readonly LoggedEvent<M>[]): void {
    for (const event of dropped) {
      this.#removed.add(event);
      this.#bytes -= event.bytes;
      this.#removedBytes += event.bytes;
    }
    const isMany = this.#removed.size > MAX_REMOVED + this.#events.length * MAX_REMOVED_SHARE;
    const isMuch = this.#removedBytes > MAX_REMOVED_BYTES + this.#bytes * MAX_REMOVED_SHARE;
    if (isMany || isMuch) this.#compact();
  }

  #compact(): void {
    if (this.#removed.size === 0) return;
    this.#events = this.#events.filter((event) => !this.#removed.has(event));
    this.#removed.clear();
    this.#removedBytes = 0;
  }
}

/** The newest question with this number that has no answer yet, or -1. */
function indexOfOpenQuestion(
  iterations: readonly LoggedIteration<object>[],
  iterationIndex: number | undefined,
): number {
  for (let index = iterations.length - 1; index >= 0; index -= 1) {
    const iteration = iterations[index];
    if (iteration?.started === undefined || iteration.completed !== undefined) continue;
    if (numberField(iteration.started.message, 'iterationIndex') === iterationIndex) return index;
  }
  return -1;
}

/** How many removed events may stay in the list, and what they may weigh, beside a share of what is kept. */
const MAX_REMOVED = 64;
const MAX_REMOVED_BYTES = 256 * 1024;
const MAX_REMOVED_SHARE = 1 / 8;

function eventsOf<M extends object>(iteration: LoggedIteration<M>): LoggedEvent<M>[] {
  return [iteration.started, iteration.completed].filter((event) => event !== undefined);
}
