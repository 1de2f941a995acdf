import type { HubStatus } from '../protocol/tab/hub-api.ts';

/** How many errors are kept for the status. */
export const KEPT_ERRORS = 50;

/** Over how many seconds the rate of events is taken. */
const RATE_SECONDS = 5;

/** What the hub tells about itself beside its state: its last errors, and how busy it is. */
export class HubJournal {
  readonly #errors: { readonly atMs: number; readonly text: string }[] = [];
  /** Events by second since the Unix epoch, only the last few. */
  readonly #bySecond = new Map<number, number>();

  /** The last errors, oldest first. */
  get errors(): HubStatus['errors'] {
    return [...this.#errors];
  }

  /** Keeps an error, whatever was thrown, and returns its text. */
  keepError(error: unknown, nowMs: number): string {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#errors.push({ atMs: nowMs, text });
    if (this.#errors.length > KEPT_ERRORS) this.#errors.shift();
    return text;
  }

  /** Events have come in. */
  countEvents(count: number, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + count);
    for (const old of this.#bySecond.keys()) {
      if (old >= second - RATE_SECONDS) break;
      this.#bySecond.delete(old);
    }
  }

  /** Events per second over the last few whole seconds. */
  eventsPerSecond(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    let events = 0;
    for (const [at, count] of this.#bySecond) if (at >= second - RATE_SECONDS && at < second) events += count;
    return events / RATE_SECONDS;
  }
}
