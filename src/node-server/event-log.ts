import type { LoggedEvent } from '../hub/logged-event.ts';
import type { Arrival, RegisteredProducer } from '../hub/producer-record.ts';
import type { AddOutcome } from '../hub/retained-log.ts';
import type { RegistryOutput } from '../hub/producer-registry.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import type { RoutedMessage } from './read-arrival.ts';

/** What came of something that a log took in or let go, in the order in which it is to be handled. */
export type LogOutput =
  | RegistryOutput<RoutedMessage>
  /** Events of this producer had to go so that all together stay within the limit. */
  | ({ readonly kind: 'let-go'; readonly producerId: string } & Omit<AddOutcome, 'placement'>);

/** A producer that has said who it is. */
export interface NamedProducer extends RegisteredProducer<RoutedMessage> {
  readonly info: ProducerInfo;
}

/**
 * What a relay keeps: the events of its producers, in order and within limits,
 * and which producers are there. The room keeps nothing of it besides. A log
 * that outlives the process is another implementation of this. All times are in
 * milliseconds of the relay's clock.
 */
export interface EventLog {
  /** How many producers are known, those included that have only connected. */
  readonly size: number;
  /** What all that is kept costs, in bytes. */
  readonly bytes: number;
  /** Whether there is room for such an event: where nothing of what is kept may go, nothing more is taken. */
  hasRoomFor(arrival: Arrival<RoutedMessage>): boolean;
  /** Takes in one event. */
  append(arrival: Arrival<RoutedMessage>, nowMs: number): LogOutput[];
  /** Hands on what has waited long enough for earlier events. */
  flush(nowMs: number): LogOutput[];
  /** When {@link EventLog.flush} has something to do; `undefined` if nothing waits. */
  nextFlushMs(): number | undefined;
  /** Lets go of producers that were away for too long. */
  trim(nowMs: number): LogOutput[];
  /**
   * Lets go of what is beyond the limit of all producers together. To be called once everybody has heard of what
   * was taken in: only then is it known which reviews are open. To be called as well where there is no room for an event:
   * what could not go when it was looked at last may go now, for reviews end and producers leave.
   */
  makeRoom(nowMs: number): LogOutput[];
  /** Everything that is kept, by `receivedAt`, each producer's own events in their own order. */
  snapshot(): readonly LoggedEvent[];
  /** The producers that have spoken, in the order of the roster. */
  producers(): NamedProducer[];
  producer(producerId: string): RegisteredProducer<RoutedMessage> | undefined;
  /** A producer has a connection now. */
  connected(producerId: string, nowMs: number): void;
  /** Its last connection has ended. Gives it as it is now; `undefined` if it never spoke and is forgotten. */
  left(producerId: string, nowMs: number): NamedProducer | undefined;
  /** Ends it; nothing is taken in any more. */
  close(): void;
}
