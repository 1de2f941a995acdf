import type { PlacedTrack } from './lane.ts';
import { BAR_PX, SMALL_PX } from './lane-layout.ts';
import { levelOfDetail } from './level-of-detail.ts';
import type { Box, LevelView } from './level-of-detail.ts';
import type { Span } from './span.ts';

/** A box with its place on the page, px from the top of all lanes. */
export interface PlacedBox extends Box {
  readonly topPx: number;
  readonly heightPx: number;
}

/** Above this many boxes more of them are merged: what a browser lays out well within a frame. */
const MOST_BOXES = 900;

/** Below this width spans are merged, px; doubled until the boxes are few enough. */
const FIRST_MERGE_PX = 3;
const LAST_MERGE_PX = 96;

/** Everything to draw of some tracks, at most about `MOST_BOXES`. */
export function visibleBoxes(tracks: readonly PlacedTrack[], view: Omit<LevelView, 'mergePx'>): PlacedBox[] {
  for (let mergePx = FIRST_MERGE_PX; ; mergePx *= 2) {
    const boxes = tracks.flatMap((track) => boxesOfTrack(track, { ...view, mergePx }));
    if (boxes.length <= MOST_BOXES || mergePx >= LAST_MERGE_PX) return boxes;
  }
}

function boxesOfTrack(placed: PlacedTrack, view: LevelView): PlacedBox[] {
  const { track, shape, topPx } = placed;
  const row = (spans: readonly Span[], offsetPx: number, heightPx: number): PlacedBox[] =>
    levelOfDetail(spans, view).map((box) => ({ ...box, topPx: topPx + offsetPx, heightPx }));
  const small = (spans: readonly Span[], offsetPx: number | undefined): PlacedBox[] =>
    row(spans, offsetPx ?? shape.barPx, SMALL_PX);
  return [
    ...row(track.tasks.spans, shape.barPx, BAR_PX),
    ...row(track.waits.spans, shape.barPx, BAR_PX),
    ...track.iterations.flatMap(({ spans }, index) => small(spans, shape.iterationPx[index])),
    ...track.delegations.flatMap(({ spans }, index) => small(spans, shape.delegationPx[index])),
    ...small(track.tools.spans, shape.iterationPx[0]),
  ];
}
