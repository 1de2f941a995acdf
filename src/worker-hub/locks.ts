/** What the hub needs of `navigator.locks`: https://w3c.github.io/web-locks/ */
export interface Locks {
  /**
   * Waits for a lock, then holds it until what `hold` returns has settled.
   *
   * @throws (rejects) with the signal's reason when it is aborted before the lock was granted
   */
  request(
    name: string,
    options: { readonly mode?: 'exclusive' | 'shared'; readonly signal?: AbortSignal },
    hold: () => unknown,
  ): Promise<unknown>;
}
