import type { Arrival } from '../hub/producer-record.ts';
import type { AddOutcome } from '../hub/retained-log.ts';
import type { DecisionRequest } from '../hub/review-output.ts';
import type { ReviewRecord } from '../hub/review-record.ts';
import type { Refusal } from '../hub/review-refusal.ts';
import { toWire } from '../hub/review-wire.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { SWEEP_INTERVAL_MS } from '../protocol/wire/limits.ts';
import type { CancelTimer, Clock } from './clock.ts';
import type { EventLog, LogOutput } from './event-log.ts';
import { FanOut, type FanOutMember } from './fan-out.ts';
import { hubHelloText } from './greeting-text.ts';
import type { Log } from './log.ts';
import { LongFrames, type LongText } from './long-frames.ts';
import { PublisherRoster } from './publisher-roster.ts';
import { type PeerError, readArrival, type RoutedMessage } from './read-arrival.ts';
import { countIn, countOutput, type RelayCounters } from './relay-counters.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayLevels } from './relay-metrics.ts';
import type { WaitingReview } from './review-api.ts';
import { ReviewDesk } from './review-desk.ts';
import { contestedMessage, joinedMessage, leftMessage, reviewOwned, TOO_MUCH_KEPT } from './room-messages.ts';
import type { Publisher } from './room-peers.ts';
import { WakeTimer } from './wake-timer.ts';

/** What stands around a {@link RelayRoom}. */
export interface RoomEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RelayLimits;
  readonly counters: RelayCounters;
  /** Opens the log of events, which asks whether somebody still waits for a review. */
  readonly openLog: (isReviewOpen: (producerId: string, reviewId: string) => boolean) => EventLog;
  /** Runs something at the end of this turn of the event loop. */
  readonly atEndOfTurn: (run: () => void) => void;
}

/**
 * Where publishers and viewers meet: it knows who is there and what was said,
 * decides who is told what, and owns no socket. Everything in it happens in one
 * turn of the event loop, so that a greeting and what follows it leave no gap.
 */
export class RelayRoom {
  readonly fanOut: FanOut;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: RelayLimits;
  readonly #counters: RelayCounters;
  readonly #events: EventLog;
  readonly #desk: ReviewDesk;
  readonly #roster: PublisherRoster;
  readonly #wake: WakeTimer;
  #cancelSweep: CancelTimer | undefined;

  constructor({ clock, log, limits, counters, openLog, atEndOfTurn }: RoomEnvironment) {
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#counters = counters;
    this.fanOut = new FanOut({ clock, limits, counters, atEndOfTurn });
    this.#desk = new ReviewDesk({ clock, log, limits, onChanged: (review) => this.broadcast(toWire(review)) });
    this.#events = openLog((producerId, reviewId) => this.#desk.isOpen(producerId, reviewId));
    this.#roster = new PublisherRoster(
      { clock, leaveGraceMs: limits.leaveGraceMs },
      {
        onArrived: (producerId) => this.#arrived(producerId),
        onLeft: (producerId) => this.#left(producerId),
        onContested: (producerId) => this.#contested(producerId),
      },
    );
    this.#wake = new WakeTimer(clock, () => this.#fallDue());
  }

  /** The producers that have spoken, in the order of the roster. */
  producers(): ProducerInfo[] {
    return this.#events.producers().map(({ info }) => info);
  }

  /** The ids under which several processes seem to speak. */
  contested(): string[] {
    return this.#roster.contested();
  }

  /** The reviews for which a process may still wait, in the order of their announcement. */
  waitingReviews(): WaitingReview[] {
    return this.#desk.unsettled().map((review) => ({
      review,
      producer: this.#events.producer(review.producerId)?.info,
    }));
  }

  /** What the room holds right now, for whoever watches over it. */
  levels(): Omit<RelayLevels, 'queuedBytes'> {
    return {
      viewers: this.fanOut.size,
      publishers: this.#roster.sizes.bound,
      producers: this.#events.producers().length,
      keptBytes: this.#events.bytes,
      reviews: this.#desk.countByState(),
    };
  }

  /** How much is kept of each kind: all zero once everybody has gone and the room was disposed of. */
  get sizes(): Readonly<Record<string, number>> {
    return { ...this.#desk.sizes, producers: this.#events.size, viewers: this.fanOut.size, ...this.#roster.sizes };
  }

  /** A publisher has connected. Its address may name its producer; else its first envelope will. */
  publisherOpened(publisher: Publisher, producerId: string | undefined): void {
    if (producerId !== undefined) this.#bind(publisher, producerId);
  }

  /** A publisher has sent the text of an envelope. Says why, if it is not taken. */
  publisherSaid(publisher: Publisher, text: string): Result<undefined, PeerError> {
    const read = readArrival(text, this.#limits);
    if (!read.ok) return this.#refuse(read.error);
    const { id } = publisher;
    if (this.#roster.producerOf(id) === undefined) this.#bind(publisher, read.value.producer.producerId);
    else this.#roster.spoke(id);
    return this.#admit(read.value, 'socket');
  }

  /** The connection of a publisher has ended. */
  publisherClosed({ id }: Publisher): void {
    const left = this.#roster.closed(id);
    if (left === undefined) return;
    this.#desk.closed(id, left);
    this.#planWake();
  }

  /** The text of one posted envelope. Says why, if it is not taken. */
  posted(text: string): Result<undefined, PeerError> {
    const read = readArrival(text, this.#limits);
    return read.ok ? this.#admit(read.value, 'post') : this.#refuse(read.error);
  }

  /** Somebody decides. Gives the review as it stands then, or why that has no effect. */
  decide(request: DecisionRequest): Result<ReviewRecord, Refusal> {
    const decided = this.#desk.decide(request);
    countIn(this.#counters.decisions, decided.ok ? decided.value.state.kind : decided.error.code);
    this.#planWake();
    return decided;
  }

  /** Adds a viewer. It hears all that is said from now on; {@link RelayRoom.greeting} says what was before. */
  viewerOpened(member: FanOutMember): void {
    this.fanOut.add(member);
  }

  /** All that a viewer must know before it can go on from here, as frames behind each other. */
  greeting(): LongFrames {
    this.fanOut.flush();
    const producers = this.#events.producers();
    const greeted = producers.map(({ info, log }) => ({ info, iterations: log.iterationPairs() }));
    const messages: LongText[] = [
      hubHelloText(greeted, this.#events.snapshot()),
      ...producers.filter(({ presence }) => presence.kind === 'gone').map((gone) => JSON.stringify(leftMessage(gone))),
      ...this.#desk.records().map((record) => JSON.stringify(toWire(record))),
    ];
    const greeting = new LongFrames(messages);
    this.#counters.greetings += 1;
    this.#counters.greetingBytes += greeting.byteLength;
    return greeting;
  }

  /** Says something to all viewers. */
  broadcast(message: object): void {
    this.fanOut.broadcast({ text: JSON.stringify(message), isToken: false });
  }

  /** The relay is about to end: all that was said goes out, and what ends with it is logged. */
  sayFarewell(): void {
    this.fanOut.flush();
    this.#desk.logUndelivered();
  }

  /** Calls off all timers, forgets the viewers and closes the log. */
  dispose(): void {
    this.#wake.dispose();
    this.#cancelSweep?.();
    this.#roster.dispose();
    this.fanOut.dispose();
    for (const { producerId } of this.#events.producers()) this.#desk.forget(producerId);
    this.#events.close();
  }

  #bind(publisher: Publisher, producerId: string): void {
    this.#roster.bind(publisher.id, producerId);
    this.#desk.opened(publisher, producerId);
    this.#planWake();
    this.#log.info('A publisher connected.', { producerId, connection: publisher.id });
  }

  #admit(arrival: Arrival<RoutedMessage>, transport: 'socket' | 'post'): Result<undefined, PeerError> {
    const { producerId } = arrival.producer;
    const { untold } = arrival.message;
    const asked = untold?.type === 'review_requested' ? untold.reviewId : undefined;
    const isOwned = asked !== undefined && (this.#desk.ownerOf(asked) ?? producerId) !== producerId;
    if (isOwned) return this.#refuse(reviewOwned(asked));
    const nowMs = this.#clock.nowMs();
    if (!this.#events.hasRoomFor(arrival)) this.#handle(this.#events.makeRoom(nowMs));
    if (!this.#events.hasRoomFor(arrival)) return this.#refuse(TOO_MUCH_KEPT);
    this.#counters.events[transport] += 1;
    this.#handle(this.#events.append(arrival, nowMs));
    this.#handle(this.#events.makeRoom(nowMs));
    this.#cancelSweep ??= this.#clock.after(SWEEP_INTERVAL_MS, () => this.#sweep());
    this.#planWake();
    return ok(undefined);
  }

  #refuse(error: PeerError): Result<undefined, PeerError> {
    countIn(this.#counters.refused, error.code);
    return err(error);
  }

  #handle(outputs: readonly LogOutput[]): void {
    for (const output of outputs) this.#handleOne(output);
  }

  #handleOne(output: LogOutput): void {
    countOutput(this.#counters, output);
    const { producerId } = output;
    switch (output.kind) {
      case 'first-seen':
        if (this.#roster.isPresent(producerId)) this.broadcast(joinedMessage(output.producer, this.#clock.nowMs()));
        break;
      case 'epoch':
        this.#desk.epochBegan(producerId, output);
        break;
      case 'event':
        this.#handleEvent(output);
        break;
      case 'hole':
        this.#log.debug('Events are missing.', { producerId, from: output.from, to: output.to });
        break;
      case 'evicted':
        this.#desk.forget(producerId);
        this.#log.info('A producer was let go.', { producerId, reason: output.reason });
        break;
      case 'let-go':
        this.#forgetRuns(producerId, output);
        break;
      case 'repeat':
      case 'info':
        break;
    }
  }

  #handleEvent({ producerId, event, outcome }: Extract<LogOutput, { kind: 'event' }>): void {
    this.fanOut.broadcast({ text: event.text, isToken: event.type === 'token' });
    this.#forgetRuns(producerId, outcome);
    const message = event.message.untold;
    if (message === undefined) return;
    event.message.untold = undefined;
    const { epoch, sequence, receivedAt, arrivedAtMs } = event;
    this.#desk.event(producerId, { epoch, sequence, receivedAt, arrivedAtMs, message });
  }

  #forgetRuns(producerId: string, { droppedRuns }: Pick<AddOutcome, 'droppedRuns'>): void {
    for (const run of droppedRuns) this.#desk.forgetRun(producerId, run.ensembleId);
  }

  #planWake(): void {
    this.#wake.wakeBy(this.#events.nextFlushMs(), this.#desk.nextDeadlineMs());
  }

  #fallDue(): void {
    const nowMs = this.#clock.nowMs();
    const heldBack = this.#events.flush(nowMs);
    this.#handle(heldBack);
    this.#sayGoneAgain(heldBack);
    this.#handle(this.#events.makeRoom(nowMs));
    this.#desk.tick();
    this.#planWake();
  }

  /** What was held back of a producer that has left since looks to a viewer as if it had come back. */
  #sayGoneAgain(heldBack: readonly LogOutput[]): void {
    const spoken = heldBack.filter(({ kind }) => kind === 'event').map(({ producerId }) => producerId);
    for (const producerId of new Set(spoken)) {
      const producer = this.#events.producer(producerId);
      if (producer?.presence.kind === 'gone') this.broadcast(leftMessage(producer));
    }
  }

  #sweep(): void {
    this.#handle(this.#events.trim(this.#clock.nowMs()));
    this.#cancelSweep = this.#events.size === 0 ? undefined : this.#clock.after(SWEEP_INTERVAL_MS, () => this.#sweep());
  }

  #arrived(producerId: string): void {
    this.#events.connected(producerId, this.#clock.nowMs());
    // One that has never spoken is announced when it does: nobody knows its name yet.
    const info = this.#events.producer(producerId)?.info;
    if (info !== undefined) this.broadcast(joinedMessage(info, this.#clock.nowMs()));
  }

  #left(producerId: string): void {
    const gone = this.#events.left(producerId, this.#clock.nowMs());
    if (gone === undefined) return;
    this.broadcast(leftMessage(gone));
    this.#log.info('A publisher left.', { producerId });
  }

  #contested(producerId: string): void {
    const contested = contestedMessage(producerId);
    this.#log.warn(contested.message, { producerId });
    this.broadcast(contested);
  }
}
