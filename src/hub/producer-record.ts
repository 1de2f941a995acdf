import type { Instant } from '../protocol/wire/instant.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import type { LoggedEvent } from './logged-event.ts';
import { RetainedLog, type RetainedLogOptions } from './retained-log.ts';
import { Sequencer, type EpochSummary, type SequencerOptions } from './sequencer.ts';

/** An event of a producer as it comes in, before it has its place. */
export interface Arrival<M extends object = object> {
  readonly producer: ProducerInfo;
  readonly sequence: number;
  /** As the publisher wrote it. */
  readonly receivedAt: Instant;
  /** The envelope, or what of it is to be kept, verbatim. */
  readonly text: string;
  /** The type of its message, `''` if it has none. */
  readonly type: string;
  readonly message: M;
  /** What keeping it costs. */
  readonly bytes: number;
}

/** Whether a producer is there. One that only posts is never connected and never gone. */
export type Presence =
  | { readonly kind: 'connected' }
  | { readonly kind: 'gone'; readonly atMs: number; readonly reason?: string }
  | { readonly kind: 'posting' };

/** An arrival on its way through the sequencer. */
export interface ArrivedEvent<M extends object> {
  readonly arrival: Arrival<M>;
  readonly arrivedAtMs: number;
}

/** One producer of a source, as everybody but its registry sees it. */
export interface RegisteredProducer<M extends object = object> {
  readonly producerId: string;
  /** What it said of itself last; `undefined` until it or its source did. */
  readonly info: ProducerInfo | undefined;
  readonly presence: Presence;
  /** By the registry's clock, in milliseconds. */
  readonly lastSeenAtMs: number;
  readonly log: RetainedLog<M>;
  /** What its events cost, those included that wait for earlier ones. */
  readonly bytes: number;
  /** Its lives, oldest first, and what is missing of each. */
  epochs(): readonly EpochSummary[];
}

/** The record behind a {@link RegisteredProducer}. */
export class ProducerRecord<M extends object> implements RegisteredProducer<M> {
  readonly producerId: string;
  readonly sequencer: Sequencer<ArrivedEvent<M>>;
  readonly log: RetainedLog<M>;
  info: ProducerInfo | undefined;
  presence: Presence = { kind: 'posting' };
  lastSeenAtMs: number;

  constructor(producerId: string, nowMs: number, options: RetainedLogOptions & SequencerOptions) {
    this.producerId = producerId;
    this.lastSeenAtMs = nowMs;
    this.sequencer = new Sequencer(options);
    this.log = new RetainedLog<M>(options);
  }

  epochs(): readonly EpochSummary[] {
    return this.sequencer.epochs();
  }

  get bytes(): number {
    return this.log.bytes + this.sequencer.waitingBytes;
  }

  /** Nobody can lose it by its going: it is not connected and waits for no one's decision. */
  get isEvictable(): boolean {
    return this.presence.kind !== 'connected' && this.log.openReviewIds().length === 0;
  }
}

/** The event as it is kept, once its place is known. */
export function toLoggedEvent<M extends object>(epoch: number, arrived: ArrivedEvent<M>): LoggedEvent<M> {
  const { sequence, receivedAt, text, type, message, bytes } = arrived.arrival;
  return { epoch, sequence, receivedAt, arrivedAtMs: arrived.arrivedAtMs, text, type, message, bytes };
}
