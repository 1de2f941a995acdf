import type { HubProducer, HubSource } from './hub-state.ts';
import type { RetainedLog } from './retained-log.ts';

/** A producer and its source. */
export interface Whose {
  readonly source: HubSource;
  readonly producer: HubProducer;
}

/** The log of a producer, whichever way its source speaks. */
export function logOf(source: HubSource, producer: HubProducer): RetainedLog | undefined {
  if (source.wire?.kind === 'embedded') return source.wire.log;
  return source.wire?.registry.get(producer.producerId)?.log;
}
