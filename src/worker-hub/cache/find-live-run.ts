import { findProducer, type HubState } from '../../hub/hub-state.ts';
import { comparePositions } from '../../hub/logged-event.ts';
import type { OpenedRun } from '../../protocol/tab/history-model.ts';
import { producerOf, type RunCatalog } from './run-catalog.ts';
import { shiftPlace } from './shift-epochs.ts';
import type { StoredRun } from './stored-records.ts';

/** Where a run is shown live; `undefined` if its producer is in no roster, or has it in memory no more. */
export function findLiveRun(
  run: StoredRun,
  { catalog, state, shift }: { readonly catalog: RunCatalog; readonly state: HubState; readonly shift: number },
): OpenedRun | undefined {
  const producer = producerOf(run);
  if (catalog.producers.get(producer)?.isListed !== true) return undefined;
  const begins = shiftPlace(run.begins, -shift);
  const live = findProducer(state, producer)?.live;
  const found = live?.runs.find((each) => comparePositions(each.begins, begins) === 0);
  return found === undefined ? undefined : { producer, run: found.key };
}
