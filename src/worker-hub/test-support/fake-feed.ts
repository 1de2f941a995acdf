import type { ViewFeed } from '../../hub/views/view-feed.ts';
import type { ViewData, ViewPatch } from '../../protocol/tab/view-data.ts';

/** A feed of the hub's own attention view that is dirty whenever anything was noted. */
export class FakeFeed implements ViewFeed<'attention'> {
  static readonly SNAPSHOT: ViewData<'attention'> = {
    head: { openReviews: 0, notices: [], ready: true, tabs: 1 },
    entities: { sources: {} },
  };
  static readonly PATCH: ViewPatch<'attention'> = {
    op: 'head',
    head: { openReviews: 1, notices: [], ready: true, tabs: 1 },
  };

  readonly view = 'attention' as const;
  /** How many changes it was told. */
  noted = 0;
  /** Makes it ask for a snapshot instead of giving patches. */
  isTooMuch = false;
  /** Makes it give no patches although it is dirty. */
  isVoid = false;
  #isDirty = false;

  snapshot(): ViewData<'attention'> {
    this.#isDirty = false;
    return FakeFeed.SNAPSHOT;
  }

  note(): void {
    this.noted += 1;
    this.#isDirty = true;
  }

  takePatches(): ViewPatch<'attention'>[] | 'snapshot' {
    this.#isDirty = false;
    if (this.isTooMuch) return 'snapshot';
    return this.isVoid ? [] : [FakeFeed.PATCH];
  }

  isDirty(): boolean {
    return this.#isDirty;
  }
}
