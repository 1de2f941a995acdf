import type { GapEntity } from '../../protocol/tab/run-model.ts';
import type { TimeWindow } from './time-scale.ts';
import { gapNote } from './timeline-words.ts';

/** One gap on the screen, px from the left of the window. */
export interface GapMark {
  readonly leftPx: number;
  readonly kind: GapEntity['kind'];
  readonly text: string;
}

/** Gaps closer than this are told as one, px: room for the text. */
const GAP_ROOM_PX = 110;

/** The gaps within a window, those that stand close together counted as one. */
export function gapMarks(gaps: readonly GapEntity[], window: TimeWindow, pxPerMs: number): GapMark[] {
  const marks: { leftPx: number; kind: GapEntity['kind']; events: number }[] = [];
  const inSight = gaps.filter((gap) => gap.atMs >= window.fromMs && gap.atMs <= window.toMs);
  for (const gap of inSight.sort((a, b) => a.atMs - b.atMs)) {
    const leftPx = (gap.atMs - window.fromMs) * pxPerMs;
    const last = marks.at(-1);
    if (last !== undefined && last.kind === gap.kind && leftPx - last.leftPx < GAP_ROOM_PX) last.events += gap.events;
    else marks.push({ leftPx, kind: gap.kind, events: gap.events });
  }
  return marks.map(({ leftPx, kind, events }) => ({ leftPx, kind, text: gapNote({ kind, events }) }));
}
