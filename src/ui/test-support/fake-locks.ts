import type { LockRequester } from '../hub/hub-connection.ts';

/** Locks of one browser: what is asked for a hub's lock is granted when that hub is killed. */
export class FakeLocks implements LockRequester {
  readonly held: string[] = [];
  readonly waiting = new Map<string, () => void>();
  /** What happened before a tab's own lock was granted, if a test makes it wait. */
  grant: Promise<void> = Promise.resolve();

  request(
    name: string,
    options: { mode?: string; signal?: AbortSignal },
    callback: () => Promise<unknown> | undefined,
  ) {
    if (options.mode === 'exclusive') {
      return this.#hold(name, callback);
    }
    return new Promise((resolve, reject) => {
      this.waiting.set(name, () => resolve(callback()));
      options.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
  }

  async #hold(name: string, callback: () => Promise<unknown> | undefined): Promise<unknown> {
    await this.grant;
    this.held.push(name);
    return callback();
  }
}
