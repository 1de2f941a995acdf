import type { HubState } from '../../hub/hub-state.ts';
import type { LoggedChange } from '../../hub/logged-change.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { ProducerShelf, type ShelfPlan } from './producer-shelf.ts';
import type { RunCatalog } from './run-catalog.ts';

/** The shelves of all producers, each made when it is needed first, and which of them have something to write. */
export class ProducerShelves {
  readonly #catalog: RunCatalog;
  readonly #state: HubState;
  readonly #shelves = new Map<ProducerKey, ProducerShelf>();
  readonly #dirty = new Set<ProducerShelf>();

  constructor(catalog: RunCatalog, state: HubState) {
    this.#catalog = catalog;
    this.#state = state;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** The shelf of a producer, if it has one. */
  get(key: ProducerKey): ProducerShelf | undefined {
    return this.#shelves.get(key);
  }

  /** The shelf of a producer, which gets one if it has none. */
  of(key: ProducerKey): ProducerShelf {
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const isListed = this.#catalog.producers.get(key)?.isListed === true;
    const shelf = new ProducerShelf(key, isListed ? 0 : this.#catalog.newestEpoch(key));
    this.#shelves.set(key, shelf);
    return shelf;
  }

  note(change: LoggedChange): void {
    const shelf = this.of(change.producer);
    shelf.note(change);
    this.#dirty.add(shelf);
    if (change.kind === 'left') this.#takeOff(change.producer);
  }

  /** Everything that was noted since the last time, and how it is to be written. */
  plan(nowMs: number): ShelfPlan {
    const place = { state: this.#state, catalog: this.#catalog, nowMs };
    const plans = [...this.#dirty].map((shelf) => shelf.plan(place));
    this.#dirty.clear();
    return {
      writes: plans.flatMap(({ writes }) => writes),
      runs: new Set(plans.flatMap(({ runs }) => [...runs])),
    };
  }

  /** Forgets what was noted: it is not written any more. */
  clear(): void {
    this.#dirty.clear();
  }

  /** It has left the live roster: if it comes back, it is another visit. */
  #takeOff(key: ProducerKey): void {
    this.#shelves.delete(key);
    const stored = this.#catalog.producers.get(key);
    if (stored !== undefined) this.#catalog.producers.set(key, { ...stored, isListed: false });
  }
}
