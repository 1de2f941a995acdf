import type { CancelTimer, Clock } from './clock.ts';
import { TakeoverWatch } from './takeover-watch.ts';

/** What a {@link PublisherRoster} tells. */
export interface RosterEvents {
  /** A producer that had no connection, and was not waited for, has one. */
  onArrived(producerId: string): void;
  /** Its last connection ended, and it was not back in time. */
  onLeft(producerId: string): void;
  /** Several processes seem to speak under this id. */
  onContested(producerId: string): void;
}

/** What stands around a {@link PublisherRoster}. */
export interface RosterEnvironment {
  readonly clock: Clock;
  /** How long a producer may be without a connection before it has left. */
  readonly leaveGraceMs: number;
}

interface Present {
  /** Open connections, oldest first. */
  readonly connections: Set<string>;
  cancelLeave: CancelTimer | undefined;
}

/**
 * Which producer has which connections. A connection is bound once. A producer
 * whose last connection ends has `leaveGraceMs` to come back: then it
 * never left. Older connections are left open, for a publisher that has given
 * one up may still hear it close, and drop the new one with it.
 */
export class PublisherRoster {
  readonly #clock: Clock;
  readonly #leaveGraceMs: number;
  readonly #events: RosterEvents;
  readonly #present = new Map<string, Present>();
  readonly #producerOf = new Map<string, string>();
  readonly #takeovers = new TakeoverWatch();

  constructor({ clock, leaveGraceMs }: RosterEnvironment, events: RosterEvents) {
    this.#clock = clock;
    this.#leaveGraceMs = leaveGraceMs;
    this.#events = events;
  }

  /** How much is remembered: all zero once all connections have ended and their producers have left. */
  get sizes(): Readonly<Record<'present' | 'bound' | 'watched', number>> {
    return { present: this.#present.size, bound: this.#producerOf.size, watched: this.#takeovers.size };
  }

  /** The producer a connection is bound to. */
  producerOf(connectionId: string): string | undefined {
    return this.#producerOf.get(connectionId);
  }

  /** Whether a producer has a connection, or had one just now. */
  isPresent(producerId: string): boolean {
    return this.#present.has(producerId);
  }

  /** The connection of a producer that opened last of those that are open. */
  newestOf(producerId: string): string | undefined {
    return [...(this.#present.get(producerId)?.connections ?? [])].at(-1);
  }

  /** Binds a connection that is not bound yet. */
  bind(connectionId: string, producerId: string): void {
    const known = this.#present.get(producerId);
    const present = known ?? { connections: new Set<string>(), cancelLeave: undefined };
    present.cancelLeave?.();
    present.cancelLeave = undefined;
    present.connections.add(connectionId);
    this.#present.set(producerId, present);
    this.#producerOf.set(connectionId, producerId);
    if (known === undefined) this.#events.onArrived(producerId);
    this.spoke(connectionId);
  }

  /** A bound connection has been heard. */
  spoke(connectionId: string): void {
    const producerId = this.#producerOf.get(connectionId);
    if (producerId === undefined || this.#takeovers.isCurrent(producerId, connectionId)) return;
    const isOpen = (id: string) => this.#present.get(producerId)?.connections.has(id) ?? false;
    const about = { isOpen, nowMs: this.#clock.nowMs() };
    if (this.#takeovers.acted(producerId, connectionId, about)) this.#events.onContested(producerId);
  }

  /**
   * A connection has ended, bound or not. Says whose it was, and which other connection counts again in its place,
   * if it was the one that did.
   */
  closed(connectionId: string): { readonly producerId: string; readonly next: string | undefined } | undefined {
    const producerId = this.#producerOf.get(connectionId);
    const present = producerId === undefined ? undefined : this.#present.get(producerId);
    this.#producerOf.delete(connectionId);
    if (producerId === undefined || present === undefined) return undefined;
    const wasNewest = this.newestOf(producerId) === connectionId;
    present.connections.delete(connectionId);
    if (present.connections.size === 0) {
      present.cancelLeave = this.#clock.after(this.#leaveGraceMs, () => this.#leave(producerId));
    }
    return { producerId, next: wasNewest ? this.newestOf(producerId) : undefined };
  }

  /** The ids under which several processes seem to speak. */
  contested(): string[] {
    return this.#takeovers.contested(this.#clock.nowMs());
  }

  /** Calls off all timers; nobody leaves any more. */
  dispose(): void {
    for (const [producerId, { cancelLeave }] of this.#present) {
      cancelLeave?.();
      this.#takeovers.forget(producerId);
    }
    this.#present.clear();
    this.#producerOf.clear();
  }

  #leave(producerId: string): void {
    this.#present.delete(producerId);
    this.#takeovers.forget(producerId);
    this.#events.onLeft(producerId);
  }
}
