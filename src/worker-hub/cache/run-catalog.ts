import { comparePositions, type LogPosition } from '../../hub/logged-event.ts';
import { producerKey, type ProducerKey } from '../../protocol/tab/keys.ts';
import type { HistoryKey } from '../../protocol/tab/history-model.ts';
import { historyKey } from '../../protocol/tab/history-model.ts';
import type { Stretch } from './cache-store.ts';
import type { StoredProducer, StoredRun } from './stored-records.ts';

/** What is stored, without the events: small enough to be held in memory, so that nothing has to be looked up in a hurry. */
export class RunCatalog {
  readonly producers = new Map<ProducerKey, StoredProducer>();
  readonly #runs = new Map<HistoryKey, StoredRun>();
  readonly #byProducer = new Map<ProducerKey, StoredRun[]>();
  #bytes = 0;

  /** What all events together take. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#runs.size;
  }

  all(): IterableIterator<StoredRun> {
    return this.#runs.values();
  }

  keys(): IterableIterator<HistoryKey> {
    return this.#runs.keys();
  }

  get(key: HistoryKey): StoredRun | undefined {
    return this.#runs.get(key);
  }

  /** The runs of a producer, oldest first. */
  of(producer: ProducerKey): readonly StoredRun[] {
    return this.#byProducer.get(producer) ?? [];
  }

  put(run: StoredRun): void {
    this.delete(run);
    this.#runs.set(keyOfRun(run), run);
    this.#bytes += run.bytes;
    const runs = [...this.of(producerOf(run)), run].sort((a, b) => comparePositions(a.begins, b.begins));
    this.#byProducer.set(producerOf(run), runs);
  }

  delete(run: Pick<StoredRun, 'sourceId' | 'producerId' | 'begins'>): void {
    const known = this.#runs.get(keyOfRun(run));
    if (known === undefined) return;
    this.#runs.delete(keyOfRun(run));
    this.#bytes -= known.bytes;
    const rest = this.of(producerOf(run)).filter((each) => each !== known);
    if (rest.length > 0) this.#byProducer.set(producerOf(run), rest);
    else this.#byProducer.delete(producerOf(run));
  }

  /** Where the events of a run lie: from its beginning to that of the next. */
  stretch(run: StoredRun): Stretch {
    const next = this.of(producerOf(run)).find(({ begins }) => comparePositions(begins, run.begins) > 0);
    const { sourceId, producerId } = run;
    const from = placeOf(run.begins);
    return next === undefined
      ? { sourceId, producerId, from }
      : { sourceId, producerId, from, to: placeOf(next.begins) };
  }

  /** The newest life that is stored of a producer: a process that comes back begins another one. */
  newestEpoch(producer: ProducerKey): number {
    const lives = this.producers.get(producer)?.kept.lives ?? [];
    const epochs = [...lives.map(({ epoch }) => epoch), ...this.of(producer).map(({ begins }) => begins.epoch)];
    return epochs.reduce((newest, epoch) => Math.max(newest, epoch), 0);
  }
}

/** The key of a run in the history. */
export function keyOfRun(run: Pick<StoredRun, 'sourceId' | 'producerId' | 'begins'>): HistoryKey {
  return historyKey(producerOf(run), run.begins);
}

/** The producer of a run. */
export function producerOf({ sourceId, producerId }: Pick<StoredRun, 'sourceId' | 'producerId'>): ProducerKey {
  return producerKey(sourceId, producerId);
}

/** A position as part of a key of the storage. */
export function placeOf({ epoch, sequence }: LogPosition): [epoch: number, sequence: number] {
  return [epoch, sequence];
}
