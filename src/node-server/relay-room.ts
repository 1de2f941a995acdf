import type { Arrival } from '../hub/producer-record.ts';
import { ProducerRegistry, type RegistryOutput } from '../hub/producer-registry.ts';
import { registrySnapshot, rosterOrder } from '../hub/registry-roster.ts';
import { isUnsettled } from '../hub/review-record.ts';
import { ReviewLedger } from '../hub/review-ledger.ts';
import type { ReviewLimits } from '../hub/review-options.ts';
import type { DecisionRequest, LedgerOutput } from '../hub/review-output.ts';
import type { Refusal } from '../hub/review-refusal.ts';
import { toWire } from '../hub/review-wire.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { SWEEP_INTERVAL_MS } from '../protocol/wire/limits.ts';
import type { CancelTimer, Clock } from './clock.ts';
import { DecisionRoutes, type PublisherLink } from './decision-routes.ts';
import { FanOut, type FanOutMember } from './fan-out.ts';
import { type GreetedProducer, hubHelloText } from './greeting-text.ts';
import type { Log } from './log.ts';
import { PublisherRoster } from './publisher-roster.ts';
import { type PeerError, readArrival, type RoutedMessage } from './read-arrival.ts';
import type { RelayLimits } from './relay-limits.ts';
import { WakeTimer } from './wake-timer.ts';
import { textFrames } from './web-socket-frame.ts';

/** What stands around a {@link RelayRoom}. */
export interface RoomEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RelayLimits;
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
  readonly #registry: ProducerRegistry<RoutedMessage>;
  readonly #limits: RelayLimits;
  readonly #ledger: ReviewLedger;
  readonly #roster: PublisherRoster;
  readonly #routes = new DecisionRoutes();
  readonly #wake: WakeTimer;
  #cancelSweep: CancelTimer | undefined;

  constructor({ clock, log, limits, atEndOfTurn }: RoomEnvironment) {
    this.#clock = clock;
    this.#log = log;
    this.#limits = limits;
    this.#ledger = new ReviewLedger({ wire: 'relay', limits: reviewLimitsOf(limits) });
    this.fanOut = new FanOut({ clock, limits, atEndOfTurn });
    this.#registry = new ProducerRegistry({
      limits,
      isReviewOpen: (producerId, reviewId) => this.#isReviewOpen(producerId, reviewId),
    });
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
    return rosterOrder(this.#registry).flatMap(({ info }) => (info === undefined ? [] : [info]));
  }

  /** The ids under which several processes seem to speak. */
  contested(): string[] {
    return this.#roster.contested();
  }

  /** A publisher has connected. Its address may name its producer; else its first envelope will. */
  publisherOpened(link: PublisherLink, producerId: string | undefined): void {
    if (producerId !== undefined) this.#bind(link, producerId);
  }

  /** A publisher has sent the text of an envelope. Says why, if it is not taken. */
  publisherSaid(link: PublisherLink, text: string): Result<undefined, PeerError> {
    const read = readArrival(text, this.#limits);
    if (!read.ok) return read;
    if (this.#roster.producerOf(link.id) === undefined) this.#bind(link, read.value.producer.producerId);
    else this.#roster.spoke(link.id);
    return this.#admit(read.value);
  }

  /** The connection of a publisher has ended. */
  publisherClosed(link: PublisherLink): void {
    const producerId = this.#roster.producerOf(link.id);
    const wasNewest = producerId !== undefined && this.#roster.newestOf(producerId) === link.id;
    this.#roster.closed(link.id);
    const name = this.#routes.close(link.id);
    if (producerId === undefined || name === undefined) return;
    this.#follow(this.#ledger.connectionClosed(name, this.#clock.nowMs()));
    const next = wasNewest ? this.#roster.newestOf(producerId) : undefined;
    const nextName = next === undefined ? undefined : this.#routes.reopen(next);
    if (nextName !== undefined) this.#openRoute(producerId, nextName);
  }

  /** The text of one posted envelope. Says why, if it is not taken. */
  posted(text: string): Result<undefined, PeerError> {
    const read = readArrival(text, this.#limits);
    return read.ok ? this.#admit(read.value) : read;
  }

  /** A viewer decides. Says why, if that has no effect. */
  decide(request: DecisionRequest): Result<undefined, Refusal> {
    const result = this.#ledger.decide(request, this.#clock.nowMs());
    this.#follow(result.ok ? result.value.outputs : result.error.outputs);
    return result.ok ? ok(undefined) : err(result.error);
  }

  /** Adds a viewer. It hears all that is said from now on; {@link RelayRoom.greeting} says what was before. */
  viewerOpened(member: FanOutMember): void {
    this.fanOut.add(member);
  }

  /** All that a viewer must know before it can go on from here, as frames behind each other. */
  greeting(): Buffer {
    this.fanOut.flush();
    const gone = rosterOrder(this.#registry).filter(({ presence }) => presence.kind === 'gone');
    const messages = [
      hubHelloText(
        this.#greeted(),
        registrySnapshot(this.#registry).map(({ event }) => event),
      ),
      ...gone.map(({ producerId }) => JSON.stringify(this.#leftMessage(producerId))),
      ...this.#ledger.records().map((record) => JSON.stringify(toWire(record))),
    ];
    return textFrames(messages);
  }

  /** Says something to all viewers. */
  broadcast(message: object): void {
    this.#say(JSON.stringify(message));
  }

  /** Calls off all timers and forgets the viewers. */
  dispose(): void {
    this.#wake.dispose();
    this.#cancelSweep?.();
    this.#roster.dispose();
    this.fanOut.dispose();
  }

  #greeted(): GreetedProducer[] {
    return rosterOrder(this.#registry).flatMap(({ info, log }) =>
      info === undefined ? [] : [{ info, iterations: log.iterationPairs() }],
    );
  }

  #bind(link: PublisherLink, producerId: string): void {
    const name = this.#routes.open(link);
    this.#roster.bind(link.id, producerId);
    this.#openRoute(producerId, name);
    this.#log.info('A publisher connected.', { producerId, connection: link.id });
  }

  #openRoute(producerId: string, name: string): void {
    this.#follow(this.#ledger.connectionOpened(producerId, name, this.#clock.nowMs()));
  }

  #admit(arrival: Arrival<RoutedMessage>): Result<undefined, PeerError> {
    const { producerId } = arrival.producer;
    const { untold } = arrival.message;
    if (untold?.type === 'review_requested') {
      const ownerId = this.#ledger.record(untold.reviewId)?.producerId ?? producerId;
      if (ownerId !== producerId) return err(reviewOwned(untold.reviewId));
    }
    this.#handle(this.#registry.admit(arrival, this.#clock.nowMs()));
    this.#cancelSweep ??= this.#clock.after(SWEEP_INTERVAL_MS, () => this.#sweep());
    this.#planWake();
    return ok(undefined);
  }

  #handle(outputs: readonly RegistryOutput<RoutedMessage>[]): void {
    for (const output of outputs) this.#handleOne(output);
  }

  #handleOne(output: RegistryOutput<RoutedMessage>): void {
    const { producerId } = output;
    switch (output.kind) {
      case 'first-seen':
        if (this.#roster.isPresent(producerId)) this.#sayJoined(output.producer);
        break;
      case 'epoch':
        this.#follow(this.#ledger.epochBegan(producerId, output, this.#clock.nowMs()));
        break;
      case 'event':
        this.#handleEvent(output);
        break;
      case 'hole':
        this.#log.debug('Events are missing.', { producerId, from: output.from, to: output.to });
        break;
      case 'evicted':
        this.#ledger.forget(producerId);
        this.#log.info('A producer was let go.', { producerId, reason: output.reason });
        break;
      case 'info':
      case 'repeat':
        break;
    }
  }

  #handleEvent({ producerId, event, outcome }: Extract<RegistryOutput<RoutedMessage>, { kind: 'event' }>): void {
    this.fanOut.broadcast({ text: event.text, isToken: event.type === 'token' });
    for (const run of outcome.droppedRuns) this.#ledger.forgetRun(producerId, run.ensembleId);
    const message = event.message.untold;
    if (message === undefined) return;
    event.message.untold = undefined;
    const { epoch, sequence, receivedAt, arrivedAtMs } = event;
    this.#follow(
      this.#ledger.event(producerId, { epoch, sequence, receivedAt, arrivedAtMs, message }, this.#clock.nowMs()),
    );
  }

  /** Does what the ledger says. */
  #follow(outputs: readonly LedgerOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'changed') this.broadcast(toWire(output.review));
      else if (output.kind === 'write') {
        this.#routes.deliver(output.connectionId, output.reviewId, output.decisionJson);
      } else {
        const { producerId, reviewId, ownerId } = output;
        this.#log.warn('A review is announced that another producer owns.', { producerId, reviewId, ownerId });
      }
    }
    this.#planWake();
  }

  #planWake(): void {
    this.#wake.wakeBy(this.#registry.nextDeadlineMs(), this.#ledger.nextDeadlineMs());
  }

  #fallDue(): void {
    const nowMs = this.#clock.nowMs();
    this.#handle(this.#registry.flush(nowMs));
    this.#follow(this.#ledger.tick(nowMs));
  }

  #sweep(): void {
    this.#handle(this.#registry.sweep(this.#clock.nowMs()));
    this.#cancelSweep =
      this.#registry.size === 0 ? undefined : this.#clock.after(SWEEP_INTERVAL_MS, () => this.#sweep());
  }

  #arrived(producerId: string): void {
    this.#registry.connected(producerId, this.#clock.nowMs());
    // One that has never spoken is announced when it does: nobody knows its name yet.
    const info = this.#registry.get(producerId)?.info;
    if (info !== undefined) this.#sayJoined(info);
  }

  #left(producerId: string): void {
    const hasSpoken = this.#registry.get(producerId)?.info !== undefined;
    if (!hasSpoken) {
      this.#registry.remove(producerId);
      return;
    }
    this.#registry.left(producerId, this.#clock.nowMs(), 'disconnected');
    this.broadcast(this.#leftMessage(producerId));
    this.#log.info('A publisher left.', { producerId });
  }

  #contested(producerId: string): void {
    const message = `Several processes speak as producer ${JSON.stringify(producerId)}. Give each its own id.`;
    this.#log.warn(message, { producerId });
    this.broadcast({ type: 'error', code: 'producer_contested', message, producerId });
  }

  #sayJoined(producer: ProducerInfo): void {
    this.broadcast({ type: 'producer_joined', producer, joinedAt: new Date(this.#clock.nowMs()).toISOString() });
  }

  #leftMessage(producerId: string): object {
    const presence = this.#registry.get(producerId)?.presence;
    const atMs = presence?.kind === 'gone' ? presence.atMs : this.#clock.nowMs();
    return { type: 'producer_left', producerId, leftAt: new Date(atMs).toISOString(), reason: 'disconnected' };
  }

  #say(text: string): void {
    this.fanOut.broadcast({ text, isToken: false });
  }

  #isReviewOpen(producerId: string, reviewId: string): boolean {
    const record = this.#ledger.record(reviewId);
    return record !== undefined && record.producerId === producerId && isUnsettled(record);
  }
}

function reviewLimitsOf(limits: RelayLimits): ReviewLimits {
  return {
    holdMs: limits.holdDecisionMs,
    maxEditChars: limits.maxEditChars,
    maxWaiting: limits.maxHeldDecisions,
    maxPerProducer: limits.maxReviewsPerProducer,
  };
}

function reviewOwned(reviewId: string): PeerError {
  return {
    code: 'review_owned',
    message: `Another producer has announced the review ${JSON.stringify(reviewId.slice(0, 80))} before. Give each review an id of its own.`,
  };
}
