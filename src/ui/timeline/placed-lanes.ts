import type { Lane, PlacedTrack } from './lane.ts';

/** A lane and where it stands, px from the top of all lanes. */
export interface PlacedLane {
  readonly lane: Lane;
  readonly topPx: number;
  readonly heightPx: number;
}

/** A stretch of the page, px from the top of all lanes. */
export interface PxRange {
  readonly fromPx: number;
  readonly toPx: number;
}

/** All lanes, one below the other. */
export function placeLanes(lanes: readonly Lane[]): PlacedLane[] {
  let topPx = 0;
  return lanes.map((lane) => {
    const placed = { lane, topPx, heightPx: lane.heightPx };
    topPx += placed.heightPx;
    return placed;
  });
}

/** How high all lanes are together, px. */
export function heightOfLanes(lanes: readonly PlacedLane[]): number {
  const last = lanes.at(-1);
  return last === undefined ? 0 : last.topPx + last.heightPx;
}

/** What of a list that is sorted from top to bottom can be seen. */
function inRange<T>(items: readonly T[], range: PxRange, box: (item: T) => PxRange): T[] {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && box(item).toPx < range.fromPx) low = middle + 1;
    else high = middle;
  }
  let end = low;
  for (let item = items[end]; item !== undefined && box(item).fromPx <= range.toPx; item = items[end]) end += 1;
  return items.slice(low, end);
}

/** The lanes of which something can be seen. */
export function lanesInRange(lanes: readonly PlacedLane[], range: PxRange): PlacedLane[] {
  return inRange(lanes, range, (lane) => ({ fromPx: lane.topPx, toPx: lane.topPx + lane.heightPx }));
}

/** The tracks of these lanes of which something can be seen, with their tops from the top of all lanes. */
export function tracksInRange(lanes: readonly PlacedLane[], range: PxRange): PlacedTrack[] {
  return lanesInRange(lanes, range).flatMap(({ lane, topPx }) => {
    const local = { fromPx: range.fromPx - topPx, toPx: range.toPx - topPx };
    const tracks = inRange(lane.tracks(), local, (placed) => ({
      fromPx: placed.topPx,
      toPx: placed.topPx + placed.shape.heightPx,
    }));
    return tracks.map((placed) => ({ ...placed, topPx: placed.topPx + topPx }));
  });
}
