import { readKeptEvent } from '../../hub/kept-event-text.ts';
import type { HubState } from '../../hub/hub-state.ts';
import type { KeptEvent, KeptFiller } from '../../hub/logged-change.ts';
import { comparePositions } from '../../hub/logged-event.ts';
import type { RestoredProducer } from '../../hub/restore-producer.ts';
import { MAX_RUNS } from '../../protocol/wire/limits.ts';
import { iterationPairSchema } from '../../protocol/wire/llm-iteration.ts';
import type { CacheIndex, CacheRecord, CacheStore, Stretch } from './cache-store.ts';
import { closed } from './producer-shelf.ts';
import { placeOf, producerOf, type RunCatalog } from './run-catalog.ts';
import { readChunk, readProducer, readReview, readRun, type StoredProducer, type StoredRun } from './stored-records.ts';

/** Fills the catalog with what a storage holds, and says how many records could not be read. */
export function readIndex({ producers, runs }: CacheIndex, catalog: RunCatalog): number {
  let damaged = 0;
  for (const value of producers) {
    const producer = readProducer(value);
    if (producer === undefined) damaged += 1;
    else catalog.producers.set(producerOf(producer.kept), producer);
  }
  for (const value of runs) {
    const run = readRun(value);
    if (run === undefined) damaged += 1;
    else catalog.put(run);
  }
  return damaged;
}

/**
 * The producers of a catalog that was just read which come back into the live roster, the latest heard of first. To the runs of
 * all others nothing is added any more.
 */
export function comeBack(catalog: RunCatalog, { sources }: HubState): StoredProducer[] {
  const listed: StoredProducer[] = [];
  for (const [key, producer] of catalog.producers) {
    if (!producer.isListed) continue;
    if (sources.has(producer.kept.sourceId)) listed.push(producer);
    // Its source was removed, and this is all that the end of the hub left undone.
    else catalog.producers.set(key, { ...producer, isListed: false });
  }
  for (const run of catalog.all()) {
    const isListed = catalog.producers.get(producerOf(run))?.isListed === true;
    if (run.isOpen && !isListed) catalog.put(closed(run));
  }
  return listed.sort((a, b) => b.kept.lastSeenMs - a.kept.lastSeenMs);
}

/** The events of some chunks, in order, and how many chunks could not be read: one that is damaged costs only itself. */
export function readEvents(records: readonly CacheRecord[]): { events: KeptEvent[]; damaged: number } {
  let damaged = 0;
  const events: KeptEvent[] = [];
  for (const { key, value } of records) {
    const [, , epoch] = key;
    const read = readChunk(value)?.map((text) => readKeptEvent(epoch, text));
    if (read === undefined || read.includes(undefined)) damaged += 1;
    for (const event of read ?? []) if (event !== undefined) events.push(event);
  }
  return { events: events.sort((a, b) => comparePositions(a.event, b.event)), damaged };
}

/** Reads what is needed to restore a producer: its newest runs, as many as the hub holds in memory. */
export async function readProducerRecords(
  store: CacheStore,
  catalog: RunCatalog,
  { kept }: StoredProducer,
): Promise<{ restored: RestoredProducer; damaged: number }> {
  const firstEpoch = kept.lives[0]?.epoch ?? 0;
  const runs = catalog.of(producerOf(kept)).filter(({ begins }) => begins.epoch >= firstEpoch);
  const [first] = runs.slice(-MAX_RUNS);
  const from = first === undefined ? ([firstEpoch, 0] as const) : placeOf(first.begins);
  const stretch: Stretch = { sourceId: kept.sourceId, producerId: kept.producerId, from };
  const [chunks, fillers, reviews] = await Promise.all([
    store.read('events', stretch),
    store.read('fillers', stretch),
    store.read('reviews', stretch),
  ]);
  const { events, damaged } = readEvents(chunks);
  const read = reviews.map(({ value }) => readReview(value));
  const producer = first === undefined ? kept : { ...kept, firstRun: first.number };
  return {
    restored: {
      producer,
      runs: runs.slice(-MAX_RUNS),
      events,
      fillers: readFillers(fillers),
      // Of two with one id the newer counts.
      reviews: read.filter((review) => review !== undefined).reverse(),
    },
    damaged: damaged + read.filter((review) => review === undefined).length,
  };
}

/** Reads one run. */
export async function readRunRecords(
  store: CacheStore,
  catalog: RunCatalog,
  run: StoredRun,
): Promise<Pick<RestoredProducer, 'events' | 'fillers' | 'reviews'>> {
  const stretch = catalog.stretch(run);
  const [chunks, fillers, reviews] = await Promise.all([
    store.read('events', stretch),
    store.read('fillers', stretch),
    store.read('reviews', stretch),
  ]);
  return {
    events: readEvents(chunks).events,
    fillers: readFillers(fillers),
    reviews: reviews.map(({ value }) => readReview(value)).filter((review) => review !== undefined),
  };
}

/** What greetings filled in, in order; what cannot be read comes again with the next greeting. */
function readFillers(records: readonly CacheRecord[]): KeptFiller[] {
  return records.flatMap(({ key, value }) => {
    const [, , epoch, sequence] = key;
    return (readChunk(value) ?? []).flatMap((text) => {
      const pair = iterationPairSchema.safeParse(parse(text));
      return pair.success ? [{ after: { epoch, sequence }, pair: pair.data }] : [];
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
