import type { Locks } from '../locks.ts';

interface Waiting {
  readonly mode: 'exclusive' | 'shared';
  readonly hold: () => unknown;
  readonly settle: (value: unknown) => void;
}

interface Line {
  readonly held: Set<Waiting>;
  readonly waiting: Set<Waiting>;
}

/** Web Locks of one origin, as far as the hub uses them: granted in the order of the requests, asynchronously. */
export class FakeLocks implements Locks {
  readonly #lines = new Map<string, Line>();
  /** Every request is refused with this, as in a page that may not use locks. */
  failure: Error | undefined;

  async request(
    name: string,
    options: { readonly mode?: 'exclusive' | 'shared'; readonly signal?: AbortSignal },
    hold: () => unknown,
  ): Promise<unknown> {
    if (this.failure !== undefined) throw this.failure;
    const line = this.#line(name);
    return new Promise((resolve, reject) => {
      const waiting = { mode: options.mode ?? 'exclusive', hold, settle: resolve };
      line.waiting.add(waiting);
      options.signal?.addEventListener('abort', () => {
        if (!line.waiting.delete(waiting)) return;
        reject(new DOMException('The request was aborted.', 'AbortError'));
        this.#grant(name);
      });
      this.#grant(name);
    });
  }

  /** Takes a lock as another tab or hub would; what comes back lets go of it, as that one's death does. */
  take(name: string): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.request(name, { mode: 'exclusive' }, () => held).catch(() => undefined);
    return release;
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
    this.#line(name).held.delete(granted);
    granted.settle(value);
    this.#grant(name);
  }
}
