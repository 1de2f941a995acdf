import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import type { HubState } from '../hub-state.ts';
import { DirtyEntities } from './dirty-entities.ts';
import type { ViewFeed } from './view-feed.ts';

/** The feed of the inbox: every review whose run is kept, open or ended, and how many are open. */
export function createReviewsFeed(state: HubState): ViewFeed<'reviews'> {
  const dirty = new DirtyEntities<ReviewEntity>((id) => state.reviews.get(id)?.entity);
  return {
    view: 'reviews',
    isDirty: () => dirty.isDirty,
    note(change) {
      if (change.kind === 'review') dirty.mark(change.review);
    },
    snapshot() {
      dirty.clear();
      const reviews = [...state.reviews.values()].map(({ key, entity }) => [key, entity] as const);
      return { head: { open: state.openReviews.size }, entities: { reviews: Object.fromEntries(reviews) } };
    },
    takePatches() {
      if (!dirty.isDirty) return [];
      const head: ViewPatch<'reviews'> = { op: 'head', head: { open: state.openReviews.size } };
      return [head, ...dirty.take().map(({ id, entity }) => toPatch(id, entity))];
    },
  };
}

function toPatch(id: string, entity: ReviewEntity | undefined): ViewPatch<'reviews'> {
  return entity === undefined
    ? { op: 'remove', collection: 'reviews', id }
    : { op: 'upsert', collection: 'reviews', entity };
}
