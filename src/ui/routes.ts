import { splitProducerKey } from '../protocol/tab/keys.ts';
import type { ProducerKey } from '../protocol/tab/keys.ts';

/** The tabs of a run, as the address names them. */
export type RunTab = 'timeline' | 'conversation' | 'tools';

/** The address of one producer's run; without a run it is the newest, without a tab the timeline. */
export function producerPath(producer: ProducerKey, options: { run?: string; tab?: RunTab } = {}): string {
  const { sourceId, producerId } = splitProducerKey(producer);
  const query = new URLSearchParams();
  if (options.run !== undefined) query.set('run', options.run);
  if (options.tab !== undefined && options.tab !== 'timeline') query.set('tab', options.tab);
  const suffix = query.size > 0 ? `?${query.toString()}` : '';
  return `/producer/${encodeURIComponent(sourceId)}/${encodeURIComponent(producerId)}${suffix}`;
}

/** The tab that an address names; anything unknown is the timeline. */
export function runTabOf(text: string | undefined): RunTab {
  return text === 'conversation' || text === 'tools' ? text : 'timeline';
}
