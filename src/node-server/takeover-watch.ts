/** How often one producer id may change hands within {@link WINDOW_MS} before it is said. A reconnect is one change. */
const SUSPICIOUS_CHANGES = 4;
const WINDOW_MS = 60_000;

interface Watched {
  /** The connection that opened or spoke last. */
  current: string;
  /** When the id changed hands, ascending, in ms of the clock. */
  changesAtMs: number[];
}

/**
 * Notices that two processes use one producer id. Each change of the connection
 * that opens or speaks, while the one before is still open, is a change of
 * hands. A publisher that reconnects makes one; two processes go on making them.
 */
export class TakeoverWatch {
  readonly #watched = new Map<string, Watched>();

  /** How many producers are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Whether this connection is the one that opened or spoke last: then nothing changes when it speaks again. */
  isCurrent(producerId: string, connectionId: string): boolean {
    return this.#watched.get(producerId)?.current === connectionId;
  }

  /**
   * A connection of this producer has opened or spoken. `isOpen` tells of the
   * connections of the producer. Returns whether the id has just become contested.
   */
  acted(producerId: string, connectionId: string, about: { isOpen: (id: string) => boolean; nowMs: number }): boolean {
    const watched = this.#watched.get(producerId);
    if (watched === undefined) {
      this.#watched.set(producerId, { current: connectionId, changesAtMs: [] });
      return false;
    }
    if (watched.current === connectionId) return false;
    const changesHands = about.isOpen(watched.current);
    watched.current = connectionId;
    if (!changesHands) return false;
    const wasContested = isContested(watched, about.nowMs);
    watched.changesAtMs = [...watched.changesAtMs.slice(1 - SUSPICIOUS_CHANGES), about.nowMs];
    return !wasContested && isContested(watched, about.nowMs);
  }

  /** The ids that are contested now. */
  contested(nowMs: number): string[] {
    return [...this.#watched].filter(([, watched]) => isContested(watched, nowMs)).map(([producerId]) => producerId);
  }

  /** Forgets a producer that has left. */
  forget(producerId: string): void {
    this.#watched.delete(producerId);
  }
}

function isContested({ changesAtMs }: Watched, nowMs: number): boolean {
  return changesAtMs.filter((atMs) => nowMs - atMs < WINDOW_MS).length >= SUSPICIOUS_CHANGES;
}
