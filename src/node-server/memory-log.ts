import type { LoggedEvent } from '../hub/logged-event.ts';
import type { Arrival, RegisteredProducer } from '../hub/producer-record.ts';
import { ProducerRegistry } from '../hub/producer-registry.ts';
import { registrySnapshot, rosterOrder } from '../hub/registry-roster.ts';
import { isSkeleton } from '../hub/retention-policy.ts';
import { EPHEMERAL_TYPES } from '../protocol/wire/ensemble-message.ts';
import type { EventLog, LogOutput, NamedProducer } from './event-log.ts';
import { evenShare } from './even-share.ts';
import type { RoutedMessage } from './read-arrival.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What a {@link MemoryLog} needs to know. */
export interface MemoryLogOptions {
  readonly limits: RelayLimits;
  /** An open review is never let go, nor is its producer. */
  readonly isReviewOpen: (producerId: string, reviewId: string) => boolean;
}

/** The share that comes free when the limit of all is exceeded, so that not every event after that has to make room. */
const SLACK = 1 / 16;
/** By how much starts and ends may exceed the limit: they are small, and they let other things go. */
const RESERVE = 1 / 4;
/** How long to wait before room is looked for again where none was found, in milliseconds. */
const RETRY_MS = 1000;

/**
 * A log in the memory of this process. Each producer has its own limits; beyond
 * them all together have one. When that is exceeded those that hold most give
 * first, down to an even share; then producers go that are away and wait for
 * nobody, the longest silent first. What no limit may take stays, and then
 * nothing more is taken in than starts and ends.
 */
export class MemoryLog implements EventLog {
  readonly #registry: ProducerRegistry<RoutedMessage>;
  readonly #maxBytes: number;
  /** What each producer was last seen to cost. */
  readonly #costs = new Map<string, number>();
  #bytes = 0;
  /** As long as nothing of it has changed: many viewers that come at once, as after a restart, are shown the same. */
  #snapshot: readonly LoggedEvent[] | undefined;
  #looksForRoomFromMs = Number.NEGATIVE_INFINITY;

  constructor(options: MemoryLogOptions) {
    this.#maxBytes = options.limits.maxBytes;
    this.#registry = new ProducerRegistry(options);
  }

  get size(): number {
    return this.#registry.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  hasRoomFor({ type }: Arrival<RoutedMessage>): boolean {
    if (this.#bytes <= this.#maxBytes || EPHEMERAL_TYPES.has(type)) return true;
    return isSkeleton(type) && this.#bytes <= this.#maxBytes * (1 + RESERVE);
  }

  append(arrival: Arrival<RoutedMessage>, nowMs: number): LogOutput[] {
    const { producerId } = arrival.producer;
    return this.#weighAll(this.#registry.admit(arrival, nowMs), producerId);
  }

  flush(nowMs: number): LogOutput[] {
    return this.#weighAll(this.#registry.flush(nowMs));
  }

  nextFlushMs(): number | undefined {
    return this.#registry.nextDeadlineMs();
  }

  trim(nowMs: number): LogOutput[] {
    return this.#weighAll(this.#registry.sweep(nowMs));
  }

  makeRoom(nowMs: number): LogOutput[] {
    if (this.#bytes <= this.#maxBytes || nowMs < this.#looksForRoomFromMs) return [];
    const outputs = this.#letGo();
    if (this.#bytes > this.#maxBytes) this.#looksForRoomFromMs = nowMs + RETRY_MS;
    return outputs;
  }

  snapshot(): readonly LoggedEvent[] {
    this.#snapshot ??= registrySnapshot(this.#registry);
    return this.#snapshot;
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

  left(producerId: string, nowMs: number): NamedProducer | undefined {
    const producer = this.#registry.get(producerId);
    if (producer !== undefined && isNamed(producer)) {
      this.#registry.left(producerId, nowMs, 'disconnected');
      return producer;
    }
    this.#registry.remove(producerId);
    return undefined;
  }

  close(): void {
    this.#snapshot = undefined;
    for (const { producerId } of this.#registry.all()) {
      this.#registry.remove(producerId);
      this.#weigh(producerId);
    }
  }

  /** Weighs what has changed. What was taken in may cost more without any output: it waits. */
  #weighAll(outputs: LogOutput[], takenIn?: string): LogOutput[] {
    if (takenIn !== undefined) this.#weigh(takenIn);
    for (const output of outputs) {
      if (output.producerId !== takenIn) this.#weigh(output.producerId);
      if (changesWhatIsKept(output)) this.#snapshot = undefined;
    }
    return outputs;
  }

  #weigh(producerId: string): void {
    const cost = this.#registry.get(producerId)?.bytes ?? 0;
    this.#bytes += cost - (this.#costs.get(producerId) ?? 0);
    if (cost === 0) this.#costs.delete(producerId);
    else this.#costs.set(producerId, cost);
  }

  #letGo(): LogOutput[] {
    const target = this.#maxBytes * (1 - SLACK);
    const share = evenShare([...this.#costs.values()], target);
    const outputs: LogOutput[] = [];
    this.#snapshot = undefined;
    for (const { producerId, bytes, log } of this.#registry.all()) {
      if (bytes <= share) continue;
      outputs.push({ kind: 'let-go', producerId, ...log.shrinkBy(bytes - share) });
      this.#weigh(producerId);
    }
    if (this.#bytes <= target) return outputs;
    for (const evicted of this.#registry.evictions()) {
      this.#weigh(evicted.producerId);
      outputs.push(evicted);
      if (this.#bytes <= target) break;
    }
    return outputs;
  }
}

/** A token, or what was here before, is not kept, and makes no other snapshot necessary. */
function changesWhatIsKept(output: LogOutput): boolean {
  if (output.kind !== 'event') return output.kind === 'evicted';
  return output.outcome.placement.kind !== 'not-kept' || output.outcome.letGo > 0;
}

function isNamed(producer: RegisteredProducer<RoutedMessage>): producer is NamedProducer {
  return producer.info !== undefined;
}
