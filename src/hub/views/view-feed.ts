import type { ViewData, ViewName, ViewPatch } from '../../protocol/tab/view-data.ts';
import type { Change } from '../change.ts';

/** What one subscription sends: a snapshot, and patches that bring an earlier snapshot up to date. */
export interface ViewFeed<V extends ViewName = ViewName> {
  readonly view: V;
  /** The whole view as it is now. What was noted before is in it and is forgotten. */
  snapshot(): ViewData<V>;
  /** Remembers what a change touches. Costs the same however large the state is. */
  note(change: Change): void;
  /**
   * What has changed since the last snapshot or patches, each entity once, as it is now. `'snapshot'` where patches cannot say
   * it (another run is shown, or the run was reduced again): the caller then sends a fresh snapshot.
   */
  takePatches(): ViewPatch<V>[] | 'snapshot';
  /** Whether there is anything to take. */
  isDirty(): boolean;
}
