import { compactEvents } from '../../hub/compact-events.ts';
import { keptEventText } from '../../hub/kept-event-text.ts';
import type { KeptEvent } from '../../hub/logged-change.ts';
import type { CacheStore, CacheWrite } from './cache-store.ts';
import { planChunks } from './chunk-plan.ts';
import { readEvents } from './read-cache.ts';
import type { RunCatalog } from './run-catalog.ts';
import { RECORD_VERSION, type StoredChunk, type StoredRun } from './stored-records.ts';

/**
 * Writes a run that is over without what is not kept of it, in full records. Where a record cannot be read all stay as they
 * are: a later version may be able to.
 */
export async function compactRun(
  store: CacheStore,
  { catalog, run, maxIterations }: { catalog: RunCatalog; run: StoredRun; maxIterations: number },
): Promise<{ writes: CacheWrite[]; bytes: number }> {
  const stretch = catalog.stretch(run);
  const records = await store.read('events', stretch);
  const { events, damaged } = readEvents(records);
  const asItIs = { writes: [], bytes: run.bytes };
  if (damaged > 0) return asItIs;
  const kept = compactEvents(
    events.map(({ event }) => event),
    maxIterations,
  );
  const left = events.filter(({ event }) => kept.has(event));
  if (left.length === events.length && records.length <= 1) return asItIs;
  const writes: CacheWrite[] = [{ kind: 'clear', from: 'events', stretch }];
  for (const epoch of new Set(left.map(({ event }) => event.epoch))) writes.push(...putsOf(run, epoch, left));
  const bytes = left.reduce((sum, event) => sum + event.event.bytes, 0);
  return { writes, bytes };
}

function putsOf({ sourceId, producerId }: StoredRun, epoch: number, events: readonly KeptEvent[]): CacheWrite[] {
  const ofLife = events.filter(({ event }) => event.epoch === epoch);
  const entries = ofLife.map((kept) => ({ sequence: kept.event.sequence, text: keptEventText(kept) }));
  return planChunks(entries).puts.map(({ first, texts }) => {
    const value: StoredChunk = { version: RECORD_VERSION, texts };
    return { kind: 'put', to: 'events', key: [sourceId, producerId, epoch, first], value };
  });
}
