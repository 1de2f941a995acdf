import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { PlacedLane } from './placed-lanes.ts';
import { laneNote } from './timeline-words.ts';

/** From this height on a lane has room for a third line, px. */
const TALL_PX = 58;

/** The agents' names at the left, with a line that divides the lanes. */
export function LaneLabels(props: { lanes: readonly PlacedLane[]; version: number }): JSX.Element {
  const byRole = (): ReadonlyMap<string, PlacedLane> =>
    new Map(props.lanes.map((placed) => [placed.lane.role, placed]));
  return (
    <For each={props.lanes.map((placed) => placed.lane.role)}>
      {(role) => {
        const placed = (): PlacedLane | undefined => byRole().get(role);
        const note = (): string => {
          const lane = placed()?.lane;
          // Read for its sake: the lane itself is a plain object that changes in place.
          return props.version >= 0 && lane !== undefined ? laneNote(lane) : '';
        };
        return (
          <div
            class="tl-lane"
            data-tall={(placed()?.heightPx ?? 0) >= TALL_PX}
            style={{ top: `${placed()?.topPx ?? 0}px`, height: `${placed()?.heightPx ?? 0}px` }}
          >
            <div class="tl-who" title={role}>
              <b>{role}</b>
              <span>{note()}</span>
            </div>
          </div>
        );
      }}
    </For>
  );
}
