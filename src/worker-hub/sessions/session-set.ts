import type { Change } from '../../hub/change.ts';
import type { StreamStatus } from '../../protocol/tab/hub-api.ts';
import { type HubWord, STREAM_BATCH_MS } from '../../protocol/tab/stream.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { TabSession } from './tab-session.ts';

/** Said to a tab that could not be sent what it asked for: another attempt would fail alike. */
const BROKEN = 'The hub could not send this tab its views any more. Reload it to go on.';

/** What the set of sessions needs from outside. */
export interface SessionSetOptions {
  readonly clock: Clock;
  /** A session failed while it sent; it has been ended. */
  onError(error: unknown): void;
}

/** All tabs, and the one timer that makes batches of what they are sent. */
export class SessionSet {
  readonly #options: SessionSetOptions;
  readonly #sessions = new Set<TabSession>();
  #cancelTimer: CancelTimer | undefined;
  #flushedAtMs = -Infinity;

  constructor(options: SessionSetOptions) {
    this.#options = options;
  }

  /** How many tabs there are. */
  get size(): number {
    return this.#sessions.size;
  }

  /** How each view of each tab is on its way. */
  streams(): StreamStatus[] {
    return [...this.#sessions].flatMap((session, index) =>
      session.streams().map((stream) => ({ tab: index + 1, ...stream })),
    );
  }

  add(session: TabSession): void {
    this.#sessions.add(session);
  }

  delete(session: TabSession): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#stopTimer();
  }

  /** Marks what has changed; it is sent within {@link STREAM_BATCH_MS}, at once when nothing was sent for that long. */
  note(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    let isDirty = false;
    for (const session of this.#sessions) {
      session.note(changes);
      isDirty ||= session.isDirty;
    }
    if (isDirty) this.#setTimer();
  }

  say(word: HubWord): void {
    for (const session of this.#sessions) session.say(word);
  }

  /** Ends all sessions. */
  end(): void {
    for (const session of this.#sessions) session.end();
  }

  #setTimer(): void {
    if (this.#cancelTimer !== undefined) return;
    const { clock } = this.#options;
    const dueMs = this.#flushedAtMs + STREAM_BATCH_MS - clock.nowMs();
    // The clock may have been set back since.
    const delayMs = Math.min(Math.max(0, dueMs), STREAM_BATCH_MS);
    this.#cancelTimer = clock.after(delayMs, () => this.#flush());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #flush(): void {
    this.#cancelTimer = undefined;
    this.#flushedAtMs = this.#options.clock.nowMs();
    for (const session of this.#sessions) this.#flushOne(session);
  }

  /** One tab's trouble must not keep the others from their batch; it would not notice by itself that its port is closed. */
  #flushOne(session: TabSession): void {
    try {
      session.flush();
    } catch (error) {
      session.say({ word: 'retired', text: BROKEN });
      session.end();
      this.#options.onError(error);
    }
  }
}
