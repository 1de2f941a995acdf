import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { TimelineView } from './create-timeline-view.ts';
import { tracksInRange } from './placed-lanes.ts';
import type { PlacedLane, PxRange } from './placed-lanes.ts';
import { pxPerMs, spanOf } from './time-scale.ts';
import { visibleBoxes } from './visible-boxes.ts';
import type { PlacedBox } from './visible-boxes.ts';

/** A sheet of time on which boxes are drawn: wider than the screen, so that a pan only moves it. */
interface Sheet {
  readonly fromMs: number;
  readonly toMs: number;
  readonly pxPerMs: number;
}

/** What of the timeline is drawn, and where the sheet stands. */
export interface Paper {
  /** The stretch of lanes that is drawn, px. */
  readonly range: Accessor<PxRange>;
  readonly anchorMs: Accessor<number>;
  readonly pxPerMs: Accessor<number>;
  /** Where the left edge of the screen is on the sheet, px. */
  readonly edgePx: Accessor<number>;
  /** The boxes on the sheet; the one with the focus is always drawn by itself. */
  readonly boxes: (focused: string | undefined) => readonly PlacedBox[];
}

/** Where the paper gets its lanes and its vertical place from. */
export interface PaperOptions {
  readonly lanes: Accessor<readonly PlacedLane[]>;
  readonly scroller: Accessor<HTMLElement | undefined>;
}

/** How much more than what is seen is drawn: to the left and right as a share of the screen, above and below in px. */
const SHEET_MARGIN = 0.5;
const RANGE_MARGIN_PX = 400;

/** A height before the screen was measured, px. */
const UNMEASURED_PX = 800;

/** Two scales that differ by less than this draw the same picture: what adding large numbers loses. */
const SAME_SCALE = 1e-4;

/** Draws on sheets: a new one only when the scale changed or the look leaves the last one. */
export function createPaper(view: TimelineView, options: PaperOptions): Paper {
  const range = createRange(options.scroller);
  const sheet = createMemo<Sheet>((last) => {
    const window = view.look()?.window ?? { fromMs: 0, toMs: 1 };
    const scale = pxPerMs(window, view.widthPx());
    const isSame = last !== undefined && Math.abs(last.pxPerMs / scale - 1) < SAME_SCALE;
    if (isSame && window.fromMs >= last.fromMs && window.toMs <= last.toMs) return last;
    const margin = spanOf(window) * SHEET_MARGIN;
    return { fromMs: window.fromMs - margin, toMs: window.toMs + margin, pxPerMs: scale };
  });
  const tracks = createMemo(() => (view.version(), tracksInRange(options.lanes(), range())));
  const [keep, setKeep] = createSignal<string>();
  const boxes = createMemo(() => {
    const { fromMs, toMs, pxPerMs: scale } = sheet();
    const kept = keep();
    return visibleBoxes(tracks(), {
      fromMs,
      toMs,
      anchorMs: fromMs,
      pxPerMs: scale,
      keep: new Set(kept === undefined ? [] : [kept]),
    });
  });
  return {
    range,
    anchorMs: () => sheet().fromMs,
    pxPerMs: () => sheet().pxPerMs,
    edgePx: () => ((view.look()?.window.fromMs ?? 0) - sheet().fromMs) * sheet().pxPerMs,
    boxes: (focused) => {
      setKeep(focused);
      return boxes();
    },
  };
}

/** What of the page is seen, with a margin; it changes only when the margin is used up. */
function createRange(scroller: Accessor<HTMLElement | undefined>): Accessor<PxRange> {
  const [range, setRange] = createSignal<PxRange>({ fromPx: -RANGE_MARGIN_PX, toPx: UNMEASURED_PX + RANGE_MARGIN_PX });
  createEffect(() => {
    const element = scroller();
    if (element === undefined) return;
    const note = (): void => {
      setRange((last) => rangeOf(element.scrollTop, element.clientHeight || UNMEASURED_PX, last));
    };
    const observer = new ResizeObserver(note);
    element.addEventListener('scroll', note, { passive: true });
    observer.observe(element);
    note();
    onCleanup(() => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    });
  });
  return range;
}

/** The range to draw for what is seen: the last one while that still covers it, else one with a fresh margin. */
export function rangeOf(topPx: number, heightPx: number, last: PxRange): PxRange {
  const isCovered = last.fromPx <= topPx && last.toPx >= topPx + heightPx;
  const isTooMuch = last.toPx - last.fromPx > heightPx + 3 * RANGE_MARGIN_PX;
  if (isCovered && !isTooMuch) return last;
  return { fromPx: topPx - RANGE_MARGIN_PX, toPx: topPx + heightPx + RANGE_MARGIN_PX };
}
