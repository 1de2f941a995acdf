import type { HeldLock, Locks } from '../locks.ts';

interface Waiting {
  readonly clientId: string;
  readonly mode: 'exclusive' | 'shared';
  readonly hold: () => unknown;
  readonly settle: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

interface Line {
  readonly held: Set<Waiting>;
  readonly waiting: Set<Waiting>;
}

type RequestOptions = Parameters<Locks['request']>[1];

/** Web Locks of one origin, as far as the hub uses them: granted in the order of the requests, asynchronously. */
export class FakeLocks implements Locks {
  readonly #lines = new Map<string, Line>();
  /** Every request is refused with this, as in a page that may not use locks. */
  failure: Error | undefined;
  /** What a client that is frozen will be told of its stolen locks when it thaws. */
  readonly #frozen = new Map<string, (() => void)[]>();

  request(name: string, options: RequestOptions, hold: () => unknown): Promise<unknown> {
    return this.of('someone').request(name, options, hold);
  }

  query(): ReturnType<Locks['query']> {
    return this.of('someone').query();
  }

  /** The locks as one page or worker sees them. */
  of(clientId: string): Locks {
    return {
      request: (name, options, hold) => this.#request(name, options, { clientId, hold }),
      query: async () => ({ held: [...this.#lines].flatMap(([name, line]) => heldIn(name, line)) }),
    };
  }

  /** Takes a lock as another tab or hub would; what comes back lets go of it, as that one's death does. */
  take(name: string, clientId = 'taker'): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.of(clientId)
      .request(name, { mode: 'exclusive' }, () => held)
      .catch(() => undefined);
    return release;
  }

  /** A client that is frozen does not learn that a lock was stolen from it until it thaws. */
  freeze(clientId: string): void {
    this.#frozen.set(clientId, []);
  }

  thaw(clientId: string): void {
    for (const tell of this.#frozen.get(clientId) ?? []) tell();
    this.#frozen.delete(clientId);
  }

  isHeld(name: string): boolean {
    return (this.#lines.get(name)?.held.size ?? 0) > 0;
  }

  /** How many requests are waiting or granted, all names together. */
  get size(): number {
    let size = 0;
    for (const { held, waiting } of this.#lines.values()) size += held.size + waiting.size;
    return size;
  }

  async #request(name: string, options: RequestOptions, by: Pick<Waiting, 'clientId' | 'hold'>): Promise<unknown> {
    if (this.failure !== undefined) throw this.failure;
    const line = this.#line(name);
    return new Promise((settle, reject) => {
      const waiting: Waiting = { mode: options.mode ?? 'exclusive', settle, reject, ...by };
      options.signal?.addEventListener('abort', () => {
        if (!line.waiting.delete(waiting)) return;
        reject(new DOMException('The request was aborted.', 'AbortError'));
        this.#grant(name);
      });
      if (options.steal === true) this.#steal(name, waiting);
      else {
        line.waiting.add(waiting);
        this.#grant(name);
      }
    });
  }

  #steal(name: string, thief: Waiting): void {
    const line = this.#line(name);
    for (const robbed of line.held) this.#tellOfTheft(robbed);
    line.held.clear();
    line.held.add(thief);
    void this.#hold(name, thief);
  }

  #tellOfTheft({ clientId, reject }: Waiting): void {
    const tell = (): void => reject(new DOMException('The lock was stolen.', 'AbortError'));
    const untold = this.#frozen.get(clientId);
    if (untold === undefined) tell();
    else untold.push(tell);
  }

  #line(name: string): Line {
    const line = this.#lines.get(name) ?? { held: new Set(), waiting: new Set() };
    this.#lines.set(name, line);
    return line;
  }

  #grant(name: string): void {
    const line = this.#line(name);
    for (const next of line.waiting) {
      const isFree =
        line.held.size === 0 || (next.mode === 'shared' && [...line.held].every((h) => h.mode === 'shared'));
      if (!isFree) return;
      line.waiting.delete(next);
      line.held.add(next);
      void this.#hold(name, next);
    }
  }

  async #hold(name: string, granted: Waiting): Promise<void> {
    await Promise.resolve();
    const value = await granted.hold();
    // One that was stolen meanwhile is not held any more, and its request was rejected.
    if (!this.#line(name).held.delete(granted)) return;
    granted.settle(value);
    this.#grant(name);
  }
}

function heldIn(name: string, { held }: Line): HeldLock[] {
  return [...held].map(({ clientId }) => ({ name, clientId }));
}
