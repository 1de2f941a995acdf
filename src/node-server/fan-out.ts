import type { CancelTimer, Clock } from './clock.ts';
import type { RelayCounters } from './relay-counters.ts';
import type { RelayLimits } from './relay-limits.ts';
import { type Broadcast, TurnBatch } from './turn-batch.ts';
import type { ViewerOutbox } from './viewer-outbox.ts';

/** One viewer as the fan-out sees it. */
export interface FanOutMember {
  readonly outbox: Pick<ViewerOutbox, 'send' | 'stalledSinceMs'>;
  /** It took nothing for `viewerStallMs`. */
  onStalled(): void;
}

/** What stands around a {@link FanOut}. */
export interface FanOutEnvironment {
  readonly limits: Pick<RelayLimits, 'viewerStallMs'>;
  readonly clock: Clock;
  readonly counters: Pick<RelayCounters, 'framesSent'>;
  /** Runs something at the end of this turn of the event loop. */
  readonly atEndOfTurn: (run: () => void) => void;
}

/** How often stalled viewers are looked for, while there is one that something waits for. */
const STALL_CHECK_MS = 1000;

/**
 * How much is put together, in characters, before it is handed on without waiting for the end of the turn. An outbox writes
 * up to 64 KiB at once; from a fast publisher more than that is read in one turn.
 */
const BATCH_CHARS = 56 * 1024;

/**
 * Says the same to all viewers. What is said in one turn of the event loop is
 * put together once and written once to each: that, and not the size of the
 * frames, decides how many viewers one process can serve.
 */
export class FanOut {
  readonly #environment: FanOutEnvironment;
  readonly #members = new Set<FanOutMember>();
  #messages: Broadcast[] = [];
  #chars = 0;
  #isTurnOpen = false;
  #cancelStallCheck: CancelTimer | undefined;

  constructor(environment: FanOutEnvironment) {
    this.#environment = environment;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Says something to everyone who is a member now. */
  broadcast(message: Broadcast): void {
    if (this.#members.size === 0) return;
    this.#messages.push(message);
    this.#chars += message.text.length;
    if (this.#chars >= BATCH_CHARS) this.flush();
    else if (!this.#isTurnOpen) this.#openTurn();
  }

  /** Hands on what was said in this turn up to here. Whoever joins after it hears only what comes later. */
  flush(): void {
    if (this.#messages.length === 0) return;
    const batch = new TurnBatch(this.#messages);
    this.#messages = [];
    this.#chars = 0;
    for (const { outbox } of this.#members) outbox.send(batch);
    this.#environment.counters.framesSent += batch.count * this.#members.size;
    this.watchForStalls();
  }

  /** Adds a member; what was said before this call is not said to it. */
  add(member: FanOutMember): void {
    this.flush();
    this.#members.add(member);
    // Its greeting may wait already.
    this.watchForStalls();
  }

  remove(member: FanOutMember): void {
    this.#members.delete(member);
  }

  /** Looks after members that something waits for, until nothing does. */
  watchForStalls(): void {
    if (this.#cancelStallCheck !== undefined) return;
    if (!this.#hasStalled()) return;
    this.#cancelStallCheck = this.#environment.clock.after(STALL_CHECK_MS, () => {
      this.#cancelStallCheck = undefined;
      this.#endStalled();
      this.watchForStalls();
    });
  }

  /** Forgets all members and calls off its timer. */
  dispose(): void {
    this.#messages = [];
    this.#chars = 0;
    this.#members.clear();
    this.#cancelStallCheck?.();
    this.#cancelStallCheck = undefined;
  }

  #openTurn(): void {
    this.#isTurnOpen = true;
    this.#environment.atEndOfTurn(() => {
      this.#isTurnOpen = false;
      this.flush();
    });
  }

  #hasStalled(): boolean {
    for (const { outbox } of this.#members) if (outbox.stalledSinceMs !== undefined) return true;
    return false;
  }

  #endStalled(): void {
    const { clock, limits } = this.#environment;
    const nowMs = clock.nowMs();
    for (const member of this.#members) {
      const sinceMs = member.outbox.stalledSinceMs;
      if (sinceMs !== undefined && nowMs - sinceMs >= limits.viewerStallMs) member.onStalled();
    }
  }
}
