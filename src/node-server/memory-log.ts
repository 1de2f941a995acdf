import type { LoggedEvent } from '../hub/logged-event.ts';
import type { Arrival, RegisteredProducer } from '../hub/producer-record.ts';
import { ProducerRegistry } from '../hub/producer-registry.ts';
import { registrySnapshot, rosterOrder } from '../hub/registry-roster.ts';
import type { EventLog, LogOutput, NamedProducer } from './event-log.ts';
import type { RoutedMessage } from './read-arrival.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What a {@link MemoryLog} needs to know. */
export interface MemoryLogOptions {
  readonly limits: RelayLimits;
  /** An open review is never let go, nor is its producer. */
  readonly isReviewOpen: (producerId: string, reviewId: string) => boolean;
}

/** A log in the memory of this process. */
export class MemoryLog implements EventLog {
  readonly #registry: ProducerRegistry<RoutedMessage>;

  constructor(options: MemoryLogOptions) {
    this.#registry = new ProducerRegistry(options);
  }

  get size(): number {
    return this.#registry.size;
  }

  append(arrival: Arrival<RoutedMessage>, nowMs: number): LogOutput[] {
    return this.#registry.admit(arrival, nowMs);
  }

  flush(nowMs: number): LogOutput[] {
    return this.#registry.flush(nowMs);
  }

  nextFlushMs(): number | undefined {
    return this.#registry.nextDeadlineMs();
  }

  trim(nowMs: number): LogOutput[] {
    return this.#registry.sweep(nowMs);
  }

  snapshot(): readonly LoggedEvent[] {
    return registrySnapshot(this.#registry);
  }

  producers(): NamedProducer[] {
    return rosterOrder(this.#registry).filter(isNamed);
  }

  producer(producerId: string): RegisteredProducer<RoutedMessage> | undefined {
    return this.#registry.get(producerId);
  }

  connected(producerId: string, nowMs: number): void {
    this.#registry.connected(producerId, nowMs);
  }

  left(producerId: string, nowMs: number): boolean {
    const hasSpoken = this.#registry.get(producerId)?.info !== undefined;
    if (hasSpoken) this.#registry.left(producerId, nowMs, 'disconnected');
    else this.#registry.remove(producerId);
    return hasSpoken;
  }

  close(): void {
    for (const { producerId } of this.#registry.all()) this.#registry.remove(producerId);
  }
}

function isNamed(producer: RegisteredProducer<RoutedMessage>): producer is NamedProducer {
  return producer.info !== undefined;
}
