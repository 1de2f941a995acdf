import type { ProducerKey } from './keys.ts';

/** One run that is kept: `PRODUCER_KEY EPOCH.SEQUENCE` of its first event. Stable for as long as it is kept. */
export type HistoryKey = string;

/** The key of the run of a producer that begins at this place. */
export function historyKey(
  producer: ProducerKey,
  begins: { readonly epoch: number; readonly sequence: number },
): HistoryKey {
  return `${producer} ${begins.epoch}.${begins.sequence}`;
}
