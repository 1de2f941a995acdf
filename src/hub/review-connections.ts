/**
 * Which connection leads to whom. The newest of a route is the one that counts: a JVM
 * publisher reconnects while its old socket still answers, and what is written there is lost.
 */
export class ReviewConnections {
  readonly #routes = new Map<string, string>();
  readonly #current = new Map<string, string>();

  /** How many connections are open, replaced ones included. */
  get size(): number {
    return this.#routes.size;
  }

  /** The connection that leads to `route` now. */
  current(route: string): string | undefined {
    return this.#current.get(route);
  }

  /** Notes a new connection; answers `false` if it is known. Its id must never have been used before. */
  open(route: string, connectionId: string): boolean {
    if (this.#routes.has(connectionId)) return false;
    this.#routes.set(connectionId, route);
    this.#current.set(route, connectionId);
    return true;
  }

  /** Notes an end; answers whether it was the one that counted. */
  close(connectionId: string): boolean {
    const route = this.#routes.get(connectionId);
    this.#routes.delete(connectionId);
    if (route === undefined || this.#current.get(route) !== connectionId) return false;
    this.#current.delete(route);
    return true;
  }
}
