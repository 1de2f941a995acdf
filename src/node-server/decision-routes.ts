/** The way to one publisher process. */
export interface PublisherLink {
  /** Never used before in this life of the relay. */
  readonly id: string;
  /** Sends one text frame; on a connection that has ended it is lost. */
  send(text: string): void;
}

interface Route {
  readonly link: PublisherLink;
  /** Ids of the reviews whose decision has been written on this link. */
  readonly delivered: Set<string>;
}

/**
 * Under which names the links of publishers are known to the review ledger. A
 * link whose newer one has ended counts again, and gets a new name, because to
 * the ledger each name is one connection; a decision is still written on it once.
 */
export class DecisionRoutes {
  readonly #routes = new Map<string, Route>();
  readonly #nameOf = new Map<string, string>();
  #renamed = 0;

  /** A link counts for the first time. Gives its name. */
  open(link: PublisherLink): string {
    return this.#add(link.id, { link, delivered: new Set() });
  }

  /** A link that is open counts again. Gives its new name; `undefined` if it is not known. */
  reopen(linkId: string): string | undefined {
    const route = this.#routes.get(this.#nameOf.get(linkId) ?? '');
    if (route === undefined) return undefined;
    this.close(linkId);
    this.#renamed += 1;
    return this.#add(`${linkId} again ${this.#renamed}`, route);
  }

  /** A link has ended. Gives the name it had. */
  close(linkId: string): string | undefined {
    const name = this.#nameOf.get(linkId);
    if (name !== undefined) this.#routes.delete(name);
    this.#nameOf.delete(linkId);
    return name;
  }

  /** Writes a decision for its process, once on each link. */
  deliver(name: string, reviewId: string, decisionJson: string): void {
    const route = this.#routes.get(name);
    if (route === undefined || route.delivered.has(reviewId)) return;
    route.delivered.add(reviewId);
    route.link.send(JSON.stringify({ reviewId, decisionJson }));
  }

  #add(name: string, route: Route): string {
    this.#routes.set(name, route);
    this.#nameOf.set(route.link.id, name);
    return name;
  }
}
