import type { DecisionDelivery } from '../protocol/wire/decision-delivery.ts';
import type { Publisher } from './room-peers.ts';

interface Route {
  readonly publisher: Publisher;
  /** Ids of the reviews whose decision has been handed over on this connection. */
  readonly delivered: Set<string>;
}

/**
 * Under which names the connections of publishers are known to the review ledger.
 * One whose newer one has ended counts again, and gets a new name, because to the
 * ledger each name is one connection; a decision is still written on it once.
 */
export class DecisionRoutes {
  readonly #routes = new Map<string, Route>();
  readonly #nameOf = new Map<string, string>();
  #renamed = 0;

  /** How many connections are open. */
  get size(): number {
    return this.#routes.size;
  }

  /** A connection counts for the first time. Gives its name. */
  open(publisher: Publisher): string {
    return this.#add(publisher.id, { publisher, delivered: new Set() });
  }

  /** A connection that is open counts again. Gives its new name; `undefined` if it is not known. */
  reopen(publisherId: string): string | undefined {
    const route = this.#routes.get(this.#nameOf.get(publisherId) ?? '');
    if (route === undefined) return undefined;
    this.close(publisherId);
    this.#renamed += 1;
    return this.#add(`${publisherId} again ${this.#renamed}`, route);
  }

  /** A connection has ended. Gives the name it had. */
  close(publisherId: string): string | undefined {
    const name = this.#nameOf.get(publisherId);
    if (name !== undefined) this.#routes.delete(name);
    this.#nameOf.delete(publisherId);
    return name;
  }

  /** Hands a decision over to its process, once on each connection. */
  deliver(name: string, decision: DecisionDelivery): void {
    const route = this.#routes.get(name);
    if (route === undefined || route.delivered.has(decision.reviewId)) return;
    route.delivered.add(decision.reviewId);
    route.publisher.deliver(decision);
  }

  /** A review is open or settled: the next decision under its id, which a later life of its process may use again, is another one. */
  begunAnew(reviewId: string): void {
    for (const { delivered } of this.#routes.values()) delivered.delete(reviewId);
  }

  #add(name: string, route: Route): string {
    this.#routes.set(name, route);
    this.#nameOf.set(route.publisher.id, name);
    return name;
  }
}
