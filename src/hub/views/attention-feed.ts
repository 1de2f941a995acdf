import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import type { HubState } from '../hub-state.ts';
import { selectAttention, selectSource } from '../select-source.ts';
import { DirtyEntities } from './dirty-entities.ts';
import type { ViewFeed } from './view-feed.ts';

/** The feed that hidden tabs get too: the sources, the open reviews' count and earliest deadline, and the hub's notices. */
export function createAttentionFeed(state: HubState): ViewFeed<'attention'> {
  const dirty = new DirtyEntities<SourceEntity>((id) => {
    const source = state.sources.get(id);
    return source === undefined ? undefined : selectSource(source);
  });
  let isHeadDirty = false;
  return {
    view: 'attention',
    isDirty: () => isHeadDirty || dirty.isDirty,
    note(change) {
      if (change.kind === 'attention') isHeadDirty = true;
      else if (change.kind === 'source' || change.kind === 'source-removed') dirty.mark(change.source);
    },
    snapshot() {
      isHeadDirty = false;
      dirty.clear();
      const sources = [...state.sources.values()].map((source) => [source.id, selectSource(source)] as const);
      return { head: selectAttention(state), entities: { sources: Object.fromEntries(sources) } };
    },
    takePatches() {
      const patches: ViewPatch<'attention'>[] = isHeadDirty ? [{ op: 'head', head: selectAttention(state) }] : [];
      isHeadDirty = false;
      return [...patches, ...dirty.take().map(({ id, entity }) => toPatch(id, entity))];
    },
  };
}

function toPatch(id: string, entity: SourceEntity | undefined): ViewPatch<'attention'> {
  return entity === undefined
    ? { op: 'remove', collection: 'sources', id }
    : { op: 'upsert', collection: 'sources', entity };
}
