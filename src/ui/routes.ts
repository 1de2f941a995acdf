import { splitHistoryKey } from '../protocol/tab/history-model.ts';
import type { HistoryKey } from '../protocol/tab/history-model.ts';
import { producerKey, splitProducerKey } from '../protocol/tab/keys.ts';
import type { ProducerKey } from '../protocol/tab/keys.ts';

/** The tabs of a run, as the address names them. */
export type RunTab = 'timeline' | 'conversation' | 'tools';

/** What a producer's address may say: which run, else the newest; which view, else the timeline; the roster's filter. */
interface ProducerLook {
  readonly run?: string;
  readonly tab?: RunTab;
  readonly filter?: string | undefined;
}

/** The address of one producer's run. */
export function producerPath(producer: ProducerKey, options: ProducerLook = {}): string {
  const { sourceId, producerId } = splitProducerKey(producer);
  const query = new URLSearchParams();
  if (options.run !== undefined) query.set('run', options.run);
  if (options.tab !== undefined && options.tab !== 'timeline') query.set('tab', options.tab);
  if (options.filter !== undefined) query.set('filter', options.filter);
  const suffix = query.size > 0 ? `?${query.toString()}` : '';
  return `/producer/${encodeURIComponent(sourceId)}/${encodeURIComponent(producerId)}${suffix}`;
}

/** The address of a run of the history. */
export function historyPath(id: HistoryKey): string {
  const { producer, place } = splitHistoryKey(id);
  const { sourceId, producerId } = splitProducerKey(producer);
  return `/history/${encodeURIComponent(sourceId)}/${encodeURIComponent(producerId)}/${place}`;
}

/** The run that the parts of such an address name. */
export function historyKeyOf(parts: { source?: string; producer?: string; place?: string }): HistoryKey {
  const producer = producerKey(decodeURIComponent(parts.source ?? ''), decodeURIComponent(parts.producer ?? ''));
  return `${producer} ${parts.place ?? ''}`;
}

/** The tab that an address names; anything unknown is the timeline. */
export function runTabOf(text: string | undefined): RunTab {
  return text === 'conversation' || text === 'tools' ? text : 'timeline';
}
