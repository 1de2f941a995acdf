import type { Locks } from './locks.ts';

/** Held by the one hub that may open sockets and databases. */
export const ACTIVE_LOCK = 'hub-active';

/** The lock that a hub holds for as long as it lives: who waits for it learns of the hub's death. */
export function aliveLockName(bootId: string): string {
  return `hub-alive-${bootId}`;
}

/** What a lifetime needs. */
export interface LifetimeOptions {
  /** Undefined where the browser has none: there cannot be a second hub that knows of this one, so this one is active. */
  readonly locks: Locks | undefined;
  readonly bootId: string;
  /** Connections and databases are this hub's from now on. */
  readonly onActive: () => void;
  /** The locks could not be asked for; this hub stays without connections. Said once. */
  readonly onDenied: (error: unknown) => void;
}

/**
 * The life of this hub beside others: two versions of the page may be open at once, and only one hub at a time may hold
 * the connections. The others wait in line and take over when it ends.
 */
export class Lifetime {
  readonly #options: LifetimeOptions;
  readonly #ended = new AbortController();
  readonly #untilEnd: Promise<void>;
  /** Settles once the lock of the living is held, or cannot be. */
  readonly untilAlive: Promise<void>;
  #settleAlive: () => void = () => undefined;
  #isActive = false;

  constructor(options: LifetimeOptions) {
    this.#options = options;
    const { signal } = this.#ended;
    this.#untilEnd = new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.untilAlive = new Promise((resolve) => {
      this.#settleAlive = resolve;
    });
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Takes the lock of the living, and gets in line to be the active one. */
  begin(): void {
    const { locks, bootId, onDenied } = this.#options;
    if (locks === undefined) {
      this.#settleAlive();
      return this.#activate();
    }
    const { signal } = this.#ended;
    const alive = locks.request(aliveLockName(bootId), { mode: 'exclusive', signal }, () => {
      this.#settleAlive();
      return this.#untilEnd;
    });
    const active = locks.request(ACTIVE_LOCK, { mode: 'exclusive', signal }, () => {
      this.#activate();
      return this.#untilEnd;
    });
    Promise.all([alive, active]).catch((error: unknown) => {
      this.#settleAlive();
      if (!signal.aborted) onDenied(error);
    });
  }

  /** Lets go of both locks, so that the next in line becomes active. */
  end(): void {
    this.#isActive = false;
    this.#ended.abort();
  }

  #activate(): void {
    if (this.#ended.signal.aborted) return;
    this.#isActive = true;
    this.#options.onActive();
  }
}
