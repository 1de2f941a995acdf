import type { Drop } from '../../hub/history-retention.ts';
import type { DroppedRuns, HistoryKey } from '../../protocol/tab/history-model.ts';
import type { CacheWrite } from './cache-store.ts';
import type { HistoryTeller } from './history-teller.ts';
import type { ProducerShelves } from './producer-shelves.ts';
import { deletionOf } from './retained-runs.ts';
import { producerOf, type RunCatalog } from './run-catalog.ts';
import type { StoredRun } from './stored-records.ts';

/** Under which name the sums of what was let go are stored. */
export const DROPPED_NOTE = 'dropped';

/** Takes runs out of the history, and says how they are deleted. */
export class RunRemover {
  readonly #catalog: RunCatalog;
  readonly #shelves: ProducerShelves;
  readonly #teller: HistoryTeller;

  constructor({ catalog, shelves, teller }: { catalog: RunCatalog; shelves: ProducerShelves; teller: HistoryTeller }) {
    this.#catalog = catalog;
    this.#shelves = shelves;
    this.#teller = teller;
  }

  /** Counts what is let go by itself, and why; that can be read in the history. */
  drop(drops: readonly Drop[]): CacheWrite[] {
    const dropped: { -readonly [R in keyof DroppedRuns]: DroppedRuns[R] } = { ...this.#teller.dropped };
    for (const { reason } of drops) dropped[reason] = (dropped[reason] ?? 0) + 1;
    this.#teller.dropped = dropped;
    const writes = this.forget(drops.map(({ id }) => id));
    return [...writes, { kind: 'note', name: DROPPED_NOTE, value: dropped }];
  }

  /** Takes out what the person does not want any more. */
  forget(ids: readonly HistoryKey[]): CacheWrite[] {
    const writes: CacheWrite[] = [];
    for (const id of ids) {
      const run = this.#catalog.get(id);
      if (run === undefined) continue;
      writes.push(...deletionOf(this.#catalog, run));
      this.#catalog.delete(run);
      const producer = producerOf(run);
      if (this.#catalog.producers.get(producer)?.isListed === true) this.#shelves.of(producer).forget(run);
      writes.push(...this.#forgetProducer(run));
    }
    this.#teller.tell(ids);
    return writes;
  }

  /** With its last run a producer goes that is not in the live roster. */
  #forgetProducer({ sourceId, producerId }: StoredRun): CacheWrite[] {
    const key = producerOf({ sourceId, producerId });
    if (this.#catalog.of(key).length > 0 || this.#catalog.producers.get(key)?.isListed !== false) return [];
    this.#catalog.producers.delete(key);
    return [{ kind: 'producer', key: [sourceId, producerId], value: undefined }];
  }
}
