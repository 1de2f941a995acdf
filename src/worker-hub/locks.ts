/** What the hub needs of `navigator.locks`: https://w3c.github.io/web-locks/ */
export interface Locks {
  /**
   * Waits for a lock, then holds it until what `hold` returns has settled. With `steal` it does not wait: the request of
   * whoever holds the lock is rejected.
   *
   * @throws (rejects) with the signal's reason when it is aborted before the lock was granted, with an `AbortError` when it
   *   was granted and then stolen
   */
  request(
    name: string,
    options: { readonly mode?: 'exclusive' | 'shared'; readonly signal?: AbortSignal; readonly steal?: true },
    hold: () => unknown,
  ): Promise<unknown>;
  /** All locks of this origin that are held now. */
  query(): Promise<{ readonly held?: readonly HeldLock[] }>;
}

/** One lock that is held. */
export interface HeldLock {
  readonly name?: string;
  /** The same for all locks of one page or worker. */
  readonly clientId?: string;
}
