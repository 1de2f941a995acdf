import type { LoggedEvent } from './logged-event.ts';
import { mergeByTime } from './merge-by-time.ts';
import type { RegisteredProducer } from './producer-record.ts';
import type { ProducerRegistry } from './producer-registry.ts';

// What a relay asks of its registry, and a hub never does: it stays out of the worker.

/** The producers that have spoken or been named, by service name, then id (by code units). */
export function rosterOrder<M extends object>(registry: ProducerRegistry<M>): RegisteredProducer<M>[] {
  const named = registry.all().filter((producer) => producer.info !== undefined);
  return named.sort((a, b) => compareTexts(sortName(a), sortName(b)) || compareTexts(a.producerId, b.producerId));
}

/** Everything that is kept, by `receivedAt`, each producer's own events in their own order. */
export function registrySnapshot<M extends object>(registry: ProducerRegistry<M>): LoggedEvent<M>[] {
  return mergeByTime(
    registry.all().map(({ log }) => log.events()),
    ({ receivedAt }) => receivedAt,
  );
}

function sortName(producer: RegisteredProducer): string {
  return producer.info?.serviceName ?? '';
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
