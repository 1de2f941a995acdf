import { levelOfDetail } from './level-of-detail.ts';
import type { PlacedLane } from './placed-lanes.ts';
import type { Span, Tone } from './span.ts';

/** What the small map shows: from when to when, and how many px it has. */
export interface MinimapView {
  readonly fromMs: number;
  readonly toMs: number;
  /** Where what goes on ends. */
  readonly nowMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** One path per tone, as SVG path data of horizontal strokes. */
export type MinimapPaths = Readonly<Record<Tone, string>>;

/** Tones in the order of drawing: what is loud stands on top. */
export const MINIMAP_TONES: readonly Tone[] = ['done', 'ended', 'running', 'failed', 'waiting'];

/** All tasks and waits of a run as five paths, whatever their number: lanes are squeezed into the rows that there are. */
export function minimapPaths(lanes: readonly PlacedLane[], view: MinimapView): MinimapPaths {
  const parts: Record<Tone, string[]> = { done: [], ended: [], running: [], failed: [], waiting: [] };
  const rows = lanes.flatMap(({ lane }) => lane.tracks().map(({ track }) => track));
  for (const [index, track] of rows.entries()) {
    const y = rowY(index, rows.length, view.heightPx);
    for (const row of [track.tasks, track.waits]) drawRow(row.spans, y, { parts, view });
  }
  return {
    done: parts.done.join(''),
    ended: parts.ended.join(''),
    running: parts.running.join(''),
    failed: parts.failed.join(''),
    waiting: parts.waiting.join(''),
  };
}

/** How thick the strokes are, px: rows that stand close must not run together. */
export function strokePx(lanes: readonly PlacedLane[], heightPx: number): number {
  const count = lanes.reduce((sum, { lane }) => sum + lane.tracks().length, 0);
  return Math.min(3, Math.max(1, ((heightPx - 12) / Math.max(1, count - 1)) * 0.7));
}

/** Rows stand 7 px apart while they fit, and share the height evenly when they do not. */
function rowY(index: number, count: number, heightPx: number): number {
  const padPx = 6;
  const step = Math.min(7, (heightPx - 2 * padPx) / Math.max(1, count - 1));
  return Math.round((padPx + index * step) * 2) / 2;
}

function drawRow(spans: readonly Span[], y: number, onto: { parts: Record<Tone, string[]>; view: MinimapView }): void {
  const { fromMs, toMs, nowMs, widthPx } = onto.view;
  const pxPerMs = widthPx / Math.max(1, toMs - fromMs);
  const boxes = levelOfDetail(spans, { fromMs, toMs, anchorMs: fromMs, pxPerMs, mergePx: 3, keep: new Set() });
  for (const box of boxes) {
    const width = box.widthPx ?? (nowMs - fromMs) * pxPerMs - box.leftPx;
    onto.parts[box.tone].push(`M${box.leftPx.toFixed(1)} ${y}h${Math.max(2, width).toFixed(1)}`);
  }
}
