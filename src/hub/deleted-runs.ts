import type { ProducerKey, RunKey } from '../protocol/tab/keys.ts';
import { findProducer, type HubSource } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { textField } from './logged-event.ts';
import { forgetRuns } from './producer-events.ts';
import { logOf } from './producer-log.ts';
import type { Arrival } from './producer-record.ts';

/** The person does not want a run any more: it leaves the log, and everything that was made of it. */
export function deleteRun(work: HubWork, at: { readonly producer: ProducerKey; readonly run: RunKey }): void {
  const producer = findProducer(work.state, at.producer);
  const source = producer === undefined ? undefined : work.state.sources.get(producer.sourceId);
  const run = producer?.live.runs.find(({ key }) => key === at.run);
  if (producer === undefined || source === undefined || run === undefined) return;
  const dropped = logOf(source, producer)?.dropRun(run.begins) ?? [];
  for (const { ensembleId } of dropped) if (ensembleId !== undefined) producer.deletedRuns.add(ensembleId);
  forgetRuns(work, { source, producer }, dropped);
  work.touched.add(producer);
}

/**
 * What a greeting tells, without the runs that the person deleted: its source does not know of that, and still has them.
 * `leftOut` are the producers of whose newest run that is so.
 */
export function withoutDeleted(
  source: HubSource,
  arrivals: readonly Arrival[],
): { readonly wanted: Arrival[]; readonly leftOut: ReadonlySet<string> } {
  const leftOut = new Set<string>();
  const wanted = arrivals.filter(({ producer: { producerId }, type, sequence, message }) => {
    const deleted = source.producers.get(producerId)?.deletedRuns;
    if (deleted === undefined || deleted.size === 0) return true;
    const started = type === 'ensemble_started' ? textField(message, 'ensembleId') : undefined;
    if (started !== undefined && deleted.has(started)) leftOut.add(producerId);
    else if (type === 'ensemble_started' || sequence === 1) leftOut.delete(producerId);
    return !leftOut.has(producerId);
  });
  return { wanted, leftOut };
}
