import { MAX_ITERATIONS, MAX_RUNS, REORDER_WINDOW_EVENTS, REORDER_WINDOW_MS } from '../protocol/wire/limits.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { jsonEquals } from './json-equality.ts';
import type { LoggedEvent } from './logged-event.ts';
import {
  ProducerRecord,
  toLoggedEvent,
  type Arrival,
  type ArrivedEvent,
  type Presence,
  type RegisteredProducer,
} from './producer-record.ts';
import type { AddOutcome } from './retained-log.ts';
import { MAX_BYTES_PER_PRODUCER } from './retention-policy.ts';
import type { KnownLife, SequencedItem, SequencerOutput } from './sequencer.ts';

/** What a registry keeps. */
export interface RegistryLimits {
  /** Producers that are not connected; connected ones are not counted. */
  readonly maxProducers: number;
  /** Runs of a producer. */
  readonly maxRuns: number;
  /** Iterations of a task. */
  readonly maxIterations: number;
  /** How long a producer that is not connected may be silent, in milliseconds. */
  readonly evictAfterMs: number;
  readonly maxBytesPerProducer: number;
  /** How many early events of a producer wait for earlier ones. */
  readonly reorderWindowEvents: number;
  /** What they may cost together. */
  readonly reorderWindowBytes: number;
  /** How long they wait, in milliseconds. */
  readonly reorderWindowMs: number;
}

/** The limits that apply unless told otherwise. */
export const DEFAULT_REGISTRY_LIMITS: RegistryLimits = {
  maxProducers: 50,
  maxRuns: MAX_RUNS,
  maxIterations: MAX_ITERATIONS,
  evictAfterMs: 30 * 60_000,
  maxBytesPerProducer: MAX_BYTES_PER_PRODUCER,
  reorderWindowEvents: REORDER_WINDOW_EVENTS,
  reorderWindowBytes: MAX_BYTES_PER_PRODUCER,
  reorderWindowMs: REORDER_WINDOW_MS,
};

/** Limits of a {@link ProducerRegistry}, and what it asks about reviews. */
export interface RegistryOptions {
  readonly limits?: Partial<RegistryLimits>;
  /** Keep tokens until the answer they belong to is there: for a keeper that reduces runs again. */
  readonly keepsTokens?: boolean;
  /** An open review is never let go, nor is its producer. */
  readonly isReviewOpen: (producerId: string, reviewId: string) => boolean;
}

/** What came of something that was taken in, in the order in which it is to be handled. */
export type RegistryOutput<M extends object = object> =
  /** Known from now on: it has spoken, or its source has named it. */
  | { readonly kind: 'first-seen'; readonly producerId: string; readonly producer: ProducerInfo }
  /** It says something else of itself than before. */
  | { readonly kind: 'info'; readonly producerId: string; readonly producer: ProducerInfo }
  /** A life begins. Once more, with 1, when that comes late: until then it could have been the life before it that went on. */
  | { readonly kind: 'epoch'; readonly producerId: string; readonly epoch: number; readonly firstSequence: number }
  | {
      readonly kind: 'event';
      readonly producerId: string;
      readonly event: LoggedEvent<M>;
      /** Something that comes after it was handed on before it. */
      readonly late: boolean;
      readonly outcome: AddOutcome;
    }
  | {
      readonly kind: 'hole';
      readonly producerId: string;
      readonly epoch: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'repeat'; readonly producerId: string; readonly sequence: number }
  | { readonly kind: 'evicted'; readonly producerId: string; readonly reason: 'idle' | 'too-many' | 'too-much' };

/**
 * The producers of one source (or of one relay), by id: who they are, whether
 * they are there, their events in order, and what is missing of them. It owns
 * no socket and no timer: call {@link ProducerRegistry.flush} at
 * {@link ProducerRegistry.nextDeadlineMs}, and {@link ProducerRegistry.sweep}
 * about once a minute.
 */
export class ProducerRegistry<M extends object = object> {
  #limits: RegistryLimits;
  readonly #options: RegistryOptions;
  readonly #producers = new Map<string, ProducerRecord<M>>();
  /** Those whose sequencer holds something back. */
  readonly #waiting = new Set<ProducerRecord<M>>();
  /** With how many producers those above the limit are looked for again; more than there are if few of them may go. */
  #looksAgainAbove = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_REGISTRY_LIMITS, ...options.limits };
  }

  /**
   * From now on other limits hold, for the producers that are known as well, as far as they are on iterations, on how many
   * producers there are, and on their silence. Returns what had to go for it; the others hold for producers that are to come.
   */
  limit(limits: Partial<RegistryLimits>, nowMs: number): RegistryOutput<M>[] {
    this.#limits = { ...DEFAULT_REGISTRY_LIMITS, ...limits };
    for (const { log } of this.#producers.values()) log.limit(this.#limits.maxIterations);
    return this.sweep(nowMs);
  }

  /** How many producers there are, named by nobody yet included. */
  get size(): number {
    return this.#producers.size;
  }

  get(producerId: string): RegisteredProducer<M> | undefined {
    return this.#producers.get(producerId);
  }

  /** All of them, in the order in which they became known. */
  all(): RegisteredProducer<M>[] {
    return [...this.#producers.values()];
  }

  /** Takes in one live event. A producer that was gone and speaks again is one that posts. */
  admit(arrival: Arrival<M>, nowMs: number): RegistryOutput<M>[] {
    const { producerId } = arrival.producer;
    const out: RegistryOutput<M>[] = [];
    const isNew = !this.#producers.has(producerId);
    const producer = this.#record(producerId, nowMs);
    this.#take(producer, arrival.producer, out);
    producer.lastSeenAtMs = nowMs;
    const outputs = producer.sequencer.accept(toItem(arrival, nowMs), nowMs);
    // What was heard before says nothing about now.
    const isNews = outputs.every((output) => output.kind !== 'repeat');
    if (producer.presence.kind === 'gone' && isNews) producer.presence = { kind: 'posting' };
    this.#hand(producer, outputs, out);
    if (isNew) this.#evictFor(producer, out);
    return out;
  }

  /**
   * Takes in a snapshot, in its order. Its holes are nobody's loss. It does not
   * say who is there: note first who is connected, the others may be evicted.
   */
  admitSnapshot(arrivals: readonly Arrival<M>[], nowMs: number): RegistryOutput<M>[] {
    const out: RegistryOutput<M>[] = [];
    const byProducer = new Map<ProducerRecord<M>, SequencedItem<ArrivedEvent<M>>[]>();
    for (const arrival of arrivals) {
      const producer = this.#record(arrival.producer.producerId, nowMs);
      this.#take(producer, arrival.producer, out);
      const items = byProducer.get(producer);
      if (items === undefined) byProducer.set(producer, [toItem(arrival, nowMs)]);
      else items.push(toItem(arrival, nowMs));
    }
    for (const [producer, items] of byProducer) {
      this.#hand(producer, producer.sequencer.acceptSnapshot(items, nowMs), out);
    }
    this.#evictExcess(undefined, out);
    return out;
  }

  /** Takes in what a source says of a producer, without an event. */
  describe(info: ProducerInfo, nowMs: number): RegistryOutput<M>[] {
    const out: RegistryOutput<M>[] = [];
    const isNew = !this.#producers.has(info.producerId);
    const producer = this.#record(info.producerId, nowMs);
    this.#take(producer, info, out);
    if (isNew) this.#evictFor(producer, out);
    return out;
  }

  /** It has a socket now. It need not have said anything yet. */
  connected(producerId: string, nowMs: number): void {
    const producer = this.#record(producerId, nowMs);
    producer.presence = { kind: 'connected' };
    producer.lastSeenAtMs = nowMs;
  }

  /** Its last socket has ended. Of one that is not known, nothing is noted. */
  left(producerId: string, nowMs: number, reason?: string): void {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) return;
    producer.presence = { kind: 'gone', atMs: nowMs, ...(reason === undefined ? {} : { reason }) };
    producer.lastSeenAtMs = nowMs;
  }

  /** Whether a producer that is known was there, as an earlier hub knew it. */
  setPresence(producerId: string, presence: Presence): void {
    const producer = this.#producers.get(producerId);
    if (producer !== undefined) producer.presence = presence;
  }

  /** Hands on what has waited long enough for earlier events. */
  flush(nowMs: number): RegistryOutput<M>[] {
    const out: RegistryOutput<M>[] = [];
    for (const producer of this.#waiting) this.#hand(producer, producer.sequencer.flush(nowMs), out);
    return out;
  }

  /** How many events wait for earlier ones, all producers together. */
  get waitingCount(): number {
    let count = 0;
    for (const { sequencer } of this.#waiting) count += sequencer.waitingCount;
    return count;
  }

  /** When {@link ProducerRegistry.flush} has something to do; `undefined` if nothing waits. */
  nextDeadlineMs(): number | undefined {
    let next: number | undefined;
    for (const producer of this.#waiting) {
      const deadlineMs = producer.sequencer.nextDeadlineMs();
      if (deadlineMs !== undefined && (next === undefined || deadlineMs < next)) next = deadlineMs;
    }
    return next;
  }

  /**
   * Lets go of producers that have been silent for too long, then of the longest
   * silent ones above the limit. Never of one that is connected or has an open
   * review.
   */
  sweep(nowMs: number): RegistryOutput<M>[] {
    const out: RegistryOutput<M>[] = [];
    for (const producer of this.#producers.values()) {
      const isIdle = nowMs - producer.lastSeenAtMs >= this.#limits.evictAfterMs;
      if (isIdle && producer.isEvictable) this.#evict(producer, 'idle', out);
    }
    this.#evictExcess(undefined, out);
    return out;
  }

  /**
   * Makes a life of a producer known that was handed on in an earlier life of
   * the hub and comes from its cache, oldest first; its kept events go into
   * `log` as they are. Nothing is handed on again.
   */
  restore(info: ProducerInfo, nowMs: number, life: KnownLife): void {
    const producer = this.#record(info.producerId, nowMs);
    producer.info ??= info;
    producer.sequencer.restore(life);
  }

  /** Forgets a producer, whatever its state. Says whether it was known. */
  remove(producerId: string): boolean {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) return false;
    this.#waiting.delete(producer);
    return this.#producers.delete(producerId);
  }

  #record(producerId: string, nowMs: number): ProducerRecord<M> {
    const known = this.#producers.get(producerId);
    if (known !== undefined) return known;
    const producer = new ProducerRecord<M>(producerId, nowMs, {
      maxRuns: this.#limits.maxRuns,
      maxIterations: this.#limits.maxIterations,
      maxBytes: this.#limits.maxBytesPerProducer,
      keepsTokens: this.#options.keepsTokens ?? false,
      isReviewOpen: (reviewId) => this.#options.isReviewOpen(producerId, reviewId),
      windowEvents: this.#limits.reorderWindowEvents,
      windowBytes: this.#limits.reorderWindowBytes,
      windowMs: this.#limits.reorderWindowMs,
    });
    this.#producers.set(producerId, producer);
    return producer;
  }

  #take(producer: ProducerRecord<M>, info: ProducerInfo, out: RegistryOutput<M>[]): void {
    const { producerId, info: known } = producer;
    if (known === info) return;
    producer.info = info;
    if (known === undefined) out.push({ kind: 'first-seen', producerId, producer: info });
    else if (!jsonEquals(known, info)) out.push({ kind: 'info', producerId, producer: info });
  }

  #hand(
    producer: ProducerRecord<M>,
    outputs: readonly SequencerOutput<ArrivedEvent<M>>[],
    out: RegistryOutput<M>[],
  ): void {
    for (const output of outputs) {
      if (isLateBeginning(output)) {
        out.push({ kind: 'epoch', producerId: producer.producerId, epoch: output.epoch, firstSequence: 1 });
      }
      out.push(handOn(producer, output));
    }
    if (producer.sequencer.waitingCount > 0) this.#waiting.add(producer);
    else this.#waiting.delete(producer);
  }

  /** Lets go of one producer after another, as long as more are asked for: the longest silent first of those that may go. */
  *evictions(): Generator<Extract<RegistryOutput<M>, { kind: 'evicted' }>> {
    const evictable = [...this.#producers.values()].filter(({ isEvictable }) => isEvictable);
    for (const { producerId } of evictable.sort(byLastSeen)) {
      this.remove(producerId);
      yield { kind: 'evicted', producerId, reason: 'too-much' };
    }
  }

  #evict(producer: ProducerRecord<M>, reason: 'idle' | 'too-many', out: RegistryOutput<M>[]): void {
    this.remove(producer.producerId);
    out.push({ kind: 'evicted', producerId: producer.producerId, reason });
  }

  /** For one that is new. Where those that may not go are many, not each new one is worth a look at all of them. */
  #evictFor(spared: ProducerRecord<M>, out: RegistryOutput<M>[]): void {
    if (this.#producers.size > this.#looksAgainAbove) this.#evictExcess(spared, out);
  }

  #evictExcess(spared: ProducerRecord<M> | undefined, out: RegistryOutput<M>[]): void {
    this.#looksAgainAbove = 0;
    if (this.#producers.size <= this.#limits.maxProducers) return;
    const inactive = [...this.#producers.values()].filter((producer) => producer.presence.kind !== 'connected');
    let excess = inactive.length - this.#limits.maxProducers;
    for (const producer of inactive.sort(byLastSeen)) {
      if (excess <= 0) return;
      if (producer === spared || !producer.isEvictable) continue;
      this.#evict(producer, 'too-many', out);
      excess -= 1;
    }
    this.#looksAgainAbove = this.#producers.size * (1 + LOOK_SHARE);
  }
}

/** By how many producers there must be more, when not enough could be let go, before it is tried again for a new one. */
const LOOK_SHARE = 1 / 16;

function byLastSeen(a: RegisteredProducer, b: RegisteredProducer): number {
  return a.lastSeenAtMs - b.lastSeenAtMs;
}

function toItem<M extends object>(arrival: Arrival<M>, nowMs: number): SequencedItem<ArrivedEvent<M>> {
  const { sequence, receivedAt, bytes } = arrival;
  return { sequence, receivedAt, bytes, payload: { arrival, arrivedAtMs: nowMs } };
}

function isLateBeginning(output: SequencerOutput<unknown>): output is Extract<typeof output, { kind: 'event' }> {
  return output.kind === 'event' && output.late && output.item.sequence === 1;
}

/** Notes what the sequencer says in the producer's log, and says it for that producer. */
function handOn<M extends object>(
  producer: ProducerRecord<M>,
  output: SequencerOutput<ArrivedEvent<M>>,
): RegistryOutput<M> {
  const { producerId, log } = producer;
  switch (output.kind) {
    case 'epoch':
      log.epochBegan(output.epoch, output.firstSequence);
      return { ...output, producerId };
    case 'event': {
      const event = toLoggedEvent(output.epoch, output.item.payload);
      return { kind: 'event', producerId, event, late: output.late, outcome: log.add(event) };
    }
    case 'hole':
      return { ...output, producerId };
    case 'repeat':
      return { kind: 'repeat', producerId, sequence: output.item.sequence };
  }
}
