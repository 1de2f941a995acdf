import type { HistoryRun } from '../../protocol/tab/history-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import type { HubState } from '../hub-state.ts';
import { DirtyEntities } from './dirty-entities.ts';
import type { ViewFeed } from './view-feed.ts';

/** The feed of the history: every run that is kept, and how much room they take. */
export function createHistoryFeed({ history }: HubState): ViewFeed<'history'> {
  const dirty = new DirtyEntities<HistoryRun>((id) => history.runs.get(id));
  let isHeadDirty = false;
  return {
    view: 'history',
    isDirty: () => isHeadDirty || dirty.isDirty,
    note(change) {
      if (change.kind !== 'history') return;
      isHeadDirty = true;
      for (const id of change.runs) dirty.mark(id);
    },
    snapshot() {
      isHeadDirty = false;
      dirty.clear();
      return { head: history.head, entities: { runs: Object.fromEntries(history.runs) } };
    },
    takePatches() {
      if (!isHeadDirty) return [];
      isHeadDirty = false;
      const head: ViewPatch<'history'> = { op: 'head', head: history.head };
      return [head, ...dirty.take().map(({ id, entity }) => toPatch(id, entity))];
    },
  };
}

function toPatch(id: string, entity: HistoryRun | undefined): ViewPatch<'history'> {
  return entity === undefined ? { op: 'remove', collection: 'runs', id } : { op: 'upsert', collection: 'runs', entity };
}
