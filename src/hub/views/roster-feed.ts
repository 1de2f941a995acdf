import type { RosterEntity, RosterHead } from '../../protocol/tab/roster-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import { findProducer, producersOf, type HubState } from '../hub-state.ts';
import { refreshRoster } from '../roster-lines.ts';
import { DirtyEntities } from './dirty-entities.ts';
import type { ViewFeed } from './view-feed.ts';

/** The feed of the roster: every producer of every source, and how many are in each state. */
export function createRosterFeed(state: HubState): ViewFeed<'roster'> {
  const dirty = new DirtyEntities<RosterEntity>((id) => findProducer(state, id)?.roster);
  /** What the tab has: a line that was looked at anew and says the same is not sent again. */
  const sent = new Map<string, RosterEntity>();
  return {
    view: 'roster',
    isDirty: () => dirty.isDirty,
    note(change) {
      if (change.kind === 'producer' || change.kind === 'producer-removed') dirty.mark(change.producer);
    },
    snapshot() {
      dirty.clear();
      sent.clear();
      refreshRoster(state);
      for (const { key, roster } of producersOf(state)) if (roster !== undefined) sent.set(key, roster);
      return { head: selectRosterHead(state), entities: { producers: Object.fromEntries(sent) } };
    },
    takePatches() {
      refreshRoster(state);
      const news = dirty.take().filter(({ id, entity }) => sent.get(id) !== entity);
      if (news.length === 0) return [];
      for (const { id, entity } of news) {
        if (entity === undefined) sent.delete(id);
        else sent.set(id, entity);
      }
      const head: ViewPatch<'roster'> = { op: 'head', head: selectRosterHead(state) };
      return [head, ...news.map(({ id, entity }) => toPatch(id, entity))];
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
