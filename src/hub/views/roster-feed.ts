import type { RosterEntity, RosterHead } from '../../protocol/tab/roster-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import { findProducer, producersOf, type HubState } from '../hub-state.ts';
import { DirtyEntities } from './dirty-entities.ts';
import type { ViewFeed } from './view-feed.ts';

/** The feed of the roster: every producer of every source, and how many are in each state. */
export function createRosterFeed(state: HubState): ViewFeed<'roster'> {
  const dirty = new DirtyEntities<RosterEntity>((id) => findProducer(state, id)?.roster);
  return {
    view: 'roster',
    isDirty: () => dirty.isDirty,
    note(change) {
      if (change.kind === 'producer' || change.kind === 'producer-removed') dirty.mark(change.producer);
    },
    snapshot() {
      dirty.clear();
      const producers: Record<string, RosterEntity> = {};
      for (const { key, roster } of producersOf(state)) {
        if (roster !== undefined) producers[key] = roster;
      }
      return { head: selectRosterHead(state), entities: { producers } };
    },
    takePatches() {
      if (!dirty.isDirty) return [];
      const head: ViewPatch<'roster'> = { op: 'head', head: selectRosterHead(state) };
      return [head, ...dirty.take().map(({ id, entity }) => toPatch(id, entity))];
    },
  };
}

function selectRosterHead(state: HubState): RosterHead {
  return { counts: { ...state.counts } };
}

function toPatch(id: string, entity: RosterEntity | undefined): ViewPatch<'roster'> {
  return entity === undefined
    ? { op: 'remove', collection: 'producers', id }
    : { op: 'upsert', collection: 'producers', entity };
}
