import type { CancelTimer, Clock } from './clock.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { OutFrame, ViewerOutbox } from './viewer-outbox.ts';

/** One viewer as the fan-out sees it. */
export interface FanOutMember {
  readonly outbox: Pick<ViewerOutbox, 'sendBatch' | 'stalledSinceMs'>;
  /** It took nothing for `viewerStallMs`. */
  onStalled(): void;
}

/** What stands around a {@link FanOut}. */
export interface FanOutEnvironment {
  readonly limits: Pick<RelayLimits, 'viewerStallMs'>;
  readonly clock: Clock;
  /** Runs something at the end of this turn of the event loop. */
  readonly atEndOfTurn: (run: () => void) => void;
}

/** How often stalled viewers are looked for, while there is one that something waits for. */
const STALL_CHECK_MS = 1000;

/**
 * Says the same to all viewers. What is said in one turn of the event loop is
 * put together once and written once to each: that, and not the size of the
 * frames, decides how many viewers one process can serve.
 */
export class FanOut {
  readonly #environment: FanOutEnvironment;
  readonly #members = new Set<FanOutMember>();
  #frames: OutFrame[] = [];
  #cancelStallCheck: CancelTimer | undefined;

  constructor(environment: FanOutEnvironment) {
    this.#environment = environment;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Says something to everyone who is a member now. */
  broadcast(frame: OutFrame): void {
    if (this.#members.size === 0) return;
    this.#frames.push(frame);
    if (this.#frames.length === 1) this.#environment.atEndOfTurn(() => this.flush());
  }

  /** Hands on what was said in this turn up to here. Whoever joins after it hears only what comes later. */
  flush(): void {
    if (this.#frames.length === 0) return;
    const frames = this.#frames;
    this.#frames = [];
    const [first] = frames;
    const bytes =
      first !== undefined && frames.length === 1 ? first.bytes : Buffer.concat(frames.map((frame) => frame.bytes));
    for (const member of this.#members) member.outbox.sendBatch({ frames, bytes });
    this.watchForStalls();
  }

  /** Adds a member; what was said before this call is not said to it. */
  add(member: FanOutMember): void {
    this.flush();
    this.#members.add(member);
  }

  remove(member: FanOutMember): void {
    this.#members.delete(member);
  }

  /** Looks after members that something waits for, until nothing does. */
  watchForStalls(): void {
    if (this.#cancelStallCheck !== undefined) return;
    if (![...this.#members].some(({ outbox }) => outbox.stalledSinceMs !== undefined)) return;
    this.#cancelStallCheck = this.#environment.clock.after(STALL_CHECK_MS, () => {
      this.#cancelStallCheck = undefined;
      this.#endStalled();
      this.watchForStalls();
    });
  }

  /** Forgets all members and calls off its timer. */
  dispose(): void {
    this.#frames = [];
    this.#members.clear();
    this.#cancelStallCheck?.();
    this.#cancelStallCheck = undefined;
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
