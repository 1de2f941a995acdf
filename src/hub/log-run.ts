import { eventsOf, LogConversations, type LoggedIteration } from './log-conversations.ts';
import {
  comparePositions,
  indexOfPosition,
  isSameConversation,
  textField,
  type LoggedEvent,
  type LogPosition,
} from './logged-event.ts';
import { trimClass, type RunWeight, type TrimClass } from './retention-policy.ts';
import { NEW_RUN, advanceRun, type RunPhase } from './run-boundary.ts';

/** Tells whether a review is still open, by its id. */
export type IsReviewOpen = (reviewId: string) => boolean;

const NO_BYTES: Readonly<Record<TrimClass, number>> = { token: 0, iteration: 0, tool: 0, input: 0, other: 0 };

/** The types whose place among the others decides what is kept of a conversation. */
const TALK_TYPES: ReadonlySet<string> = new Set(['llm_iteration_started', 'llm_iteration_completed', 'token']);

/**
 * The kept events of one run, in order, with an index of its conversations. Of
 * each it keeps the newest `maxIterations`, and no token of one whose answer is
 * there: the answer holds the whole text.
 */
export class LogRun<M extends object> {
  #maxIterations: number;
  #events: LoggedEvent<M>[] = [];
  /** Still in the list, until enough have gathered to be worth a pass over it. */
  readonly #removed = new Set<LoggedEvent<M>>();
  #removedBytes = 0;
  #conversations: LogConversations<M>;
  #reviews = new Map<string, LoggedEvent<M>>();
  #phase: RunPhase = NEW_RUN;
  #ensembleId: string | undefined;
  #hasInnerStart = false;
  #begins: LogPosition;
  #end: LogPosition;
  #bytes = 0;
  #trimmableBytes: Record<TrimClass, number> = { ...NO_BYTES };
  #letGo: number;

  /** `letGo` counts what retention let go of this run before. */
  constructor(first: LoggedEvent<M>, maxIterations: number, letGo = 0) {
    this.#maxIterations = maxIterations;
    this.#conversations = new LogConversations(maxIterations);
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
    if (comparePositions(event, this.#begins) < 0) {
      if (this.#events[0]?.type === 'ensemble_started') this.#hasInnerStart = true;
      this.#begins = event;
    }
    if (comparePositions(event, this.#end) > 0) {
      this.append(event);
      return;
    }
    this.#events.splice(indexOfPosition(this.#events, event), 0, event);
    if (event.type === 'ensemble_started') {
      this.#reindex();
      return;
    }
    this.#bytes += event.bytes;
    if (TALK_TYPES.has(event.type)) this.#insertTalk(event);
    else this.#note(event);
  }

  /** Keeps so many iterations of each conversation from now on. */
  limit(maxIterations: number): void {
    this.#maxIterations = maxIterations;
    this.#letGoOf(this.#conversations.limit(maxIterations));
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
    this.#letGoOf(dropped);
    // What tells where a run begins is never among them, so that nothing else has to be looked at again.
    const gone = new Set(dropped);
    this.#conversations.forget(gone);
    for (const [reviewId, request] of this.#reviews) if (gone.has(request)) this.#reviews.delete(reviewId);
  }

  /** Costs as much as it has reviews. */
  weight(isReviewOpen: IsReviewOpen): RunWeight {
    const trimmableBytes = { ...this.#trimmableBytes };
    const open = this.openReviewIds(isReviewOpen);
    for (const reviewId of open) trimmableBytes.other -= this.#reviews.get(reviewId)?.bytes ?? 0;
    return { bytes: this.#bytes, trimmableBytes, hasOpenReview: open.length > 0 };
  }

  openReviewIds(isReviewOpen: IsReviewOpen): string[] {
    return [...this.#reviews.keys()].filter(isReviewOpen);
  }

  /** The kept iterations of all its conversations, in the order they began. */
  iterations(): LoggedIteration<M>[] {
    return this.#conversations.iterations();
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
    this.#trimmableBytes = { ...NO_BYTES };
    this.#conversations = new LogConversations(this.#maxIterations);
    this.#reviews = new Map();
    this.#hasInnerStart = false;
    const end = this.#end;
    for (const event of events) this.append(event);
    this.#end = end;
  }

  /** Notes all of its conversation again, in order. Of the other events it only looks whose they are. */
  #insertTalk(event: LoggedEvent<M>): void {
    this.#weigh(event, event.bytes);
    const { message } = event;
    const talk = this.events.filter((each) => TALK_TYPES.has(each.type) && isSameConversation(each.message, message));
    this.#conversations.forgetAll(message);
    for (const each of talk) this.#noteTalk(each);
  }

  #note(event: LoggedEvent<M>): void {
    this.#weigh(event, event.bytes);
    this.#phase = advanceRun(this.#phase, event.type);
    switch (event.type) {
      case 'ensemble_started':
        this.#ensembleId = textField(event.message, 'ensembleId');
        if (comparePositions(event, this.#begins) > 0) this.#hasInnerStart = true;
        break;
      case 'review_requested':
        this.#reviews.set(textField(event.message, 'reviewId') ?? '', event);
        break;
      default:
        this.#noteTalk(event);
    }
  }

  #noteTalk(event: LoggedEvent<M>): void {
    if (event.type === 'llm_iteration_started') this.#letGoOf(this.#conversations.ask(event));
    else if (event.type === 'llm_iteration_completed') this.#noteAnswer(event);
    else if (event.type === 'token') this.#conversations.stream(event);
  }

  #noteAnswer(event: LoggedEvent<M>): void {
    const { letGo, needless } = this.#conversations.answer(event);
    this.#letGoOf(letGo);
    this.#remove(needless);
  }

  #letGoOf(dropped: readonly LoggedEvent<M>[]): void {
    this.#remove(dropped);
    this.#letGo += dropped.length;
  }

  #remove(dropped: readonly LoggedEvent<M>[]): void {
    for (const event of dropped) {
      this.#removed.add(event);
      this.#bytes -= event.bytes;
      this.#weigh(event, -event.bytes);
      this.#removedBytes += event.bytes;
    }
    const isMany = this.#removed.size > MAX_REMOVED + this.#events.length * MAX_REMOVED_SHARE;
    const isMuch = this.#removedBytes > MAX_REMOVED_BYTES + this.#bytes * MAX_REMOVED_SHARE;
    if (isMany || isMuch) this.#compact();
  }

  /** As if no review were open: which are is asked when it matters. */
  #weigh({ type }: LoggedEvent<M>, bytes: number): void {
    const group = trimClass(type, false);
    if (group !== undefined) this.#trimmableBytes[group] += bytes;
  }

  #compact(): void {
    if (this.#removed.size === 0) return;
    this.#events = this.#events.filter((event) => !this.#removed.has(event));
    this.#removed.clear();
    this.#removedBytes = 0;
  }
}

/** How many removed events may stay in the list, and what they may weigh, beside a share of what is kept. */
const MAX_REMOVED = 64;
const MAX_REMOVED_BYTES = 256 * 1024;
const MAX_REMOVED_SHARE = 1 / 8;
