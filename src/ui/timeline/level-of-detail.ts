import { LOUDNESS } from './span.ts';
import type { Span, SpanKind, Tone } from './span.ts';

/** One thing to draw. Positions are px from the anchor. */
export interface Box {
  readonly key: string;
  readonly kind: SpanKind;
  /** The span itself; undefined where several were too small to be told apart. */
  readonly span: Readonly<Span> | undefined;
  readonly leftPx: number;
  /** Undefined while it goes on: it grows with the clock. */
  readonly widthPx: number | undefined;
  readonly tone: Tone;
  /** How many spans this stands for. */
  readonly count: number;
  /** Free px at its right, up to the next one. */
  readonly roomPx: number;
}

/** How time is mapped to px, and how much of it is wanted. */
export interface LevelView {
  readonly fromMs: number;
  readonly toMs: number;
  /** The time at px 0. */
  readonly anchorMs: number;
  readonly pxPerMs: number;
  /** Spans below this, with less than twice this between them, become one box, px. */
  readonly mergePx: number;
  /** Spans that are always drawn by themselves: what has the focus. */
  readonly keep: ReadonlySet<string>;
}

/** What is drawn of something too short to be seen, px. */
const THINNEST_PX = 2;

/**
 * The spans of one row as boxes: those out of sight left out, those too small to be told apart merged with their like, so that the number of
 * boxes is bounded by the width of the screen and not by the number of spans. Different tones never merge. `spans` is sorted by start and (all but) free of overlaps.
 */
export function levelOfDetail(spans: readonly Readonly<Span>[], view: LevelView): Box[] {
  const boxes: Cluster[] = [];
  const growing = new Map<Tone, Cluster>();
  let last: Cluster | undefined;
  for (let index = firstInSight(spans, view.fromMs); index < spans.length; index += 1) {
    const span = spans[index];
    if (span === undefined || span.startMs > view.toMs) break;
    const piece = pieceOf(span, view);
    if (last !== undefined) last.nextLeftPx = piece.leftPx;
    const known = piece.isDust ? growing.get(span.tone) : undefined;
    // Twice, as something of another tone may stand between.
    if (known !== undefined && piece.leftPx - known.rightPx < 2 * view.mergePx) {
      grow(known, piece);
      last = known;
      continue;
    }
    last = { span, leftPx: piece.leftPx, rightPx: piece.rightPx, tone: span.tone, count: 1, nextLeftPx: Infinity };
    boxes.push(last);
    if (piece.isDust) growing.set(span.tone, last);
    else growing.clear();
  }
  return boxes.map(boxOf).sort(byLoudness);
}

/** Index of the first span that ends after `fromMs`. */
export function firstInSight(spans: readonly Readonly<Span>[], fromMs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.startMs ?? Infinity) < fromMs) low = middle + 1;
    else high = middle;
  }
  while (low > 0 && (spans[low - 1]?.endMs ?? Infinity) >= fromMs) low -= 1;
  return low;
}

interface Piece {
  readonly leftPx: number;
  readonly rightPx: number;
  readonly isDust: boolean;
}

interface Cluster {
  readonly span: Readonly<Span>;
  readonly leftPx: number;
  readonly tone: Tone;
  rightPx: number;
  count: number;
  nextLeftPx: number;
}

function pieceOf(span: Readonly<Span>, view: LevelView): Piece {
  const leftPx = (span.startMs - view.anchorMs) * view.pxPerMs;
  const endMs = span.endMs ?? Infinity;
  const rightPx = Math.max(leftPx, (endMs - view.anchorMs) * view.pxPerMs);
  return { leftPx, rightPx, isDust: rightPx - leftPx < view.mergePx && !view.keep.has(span.id) };
}

/* oxlint-disable no-param-reassign -- a cluster is this file's own, and grows while the row is read once */
function grow(cluster: Cluster, piece: Piece): void {
  cluster.rightPx = Math.max(cluster.rightPx, piece.rightPx);
  cluster.count += 1;
}
/* oxlint-enable no-param-reassign */

function boxOf(cluster: Cluster): Box {
  const { span, leftPx, rightPx, tone, count, nextLeftPx } = cluster;
  const isOpen = count === 1 && span.endMs === undefined;
  return {
    key: count === 1 ? span.id : `merged ${span.id}`,
    kind: span.kind,
    span: count === 1 ? span : undefined,
    leftPx,
    widthPx: isOpen ? undefined : Math.max(THINNEST_PX, rightPx - leftPx),
    tone,
    count,
    roomPx: isOpen ? Infinity : Math.max(0, nextLeftPx - rightPx),
  };
}

/** What is loud is drawn over what is quiet: one failure among a thousand successes stays to be seen. */
function byLoudness(a: Box, b: Box): number {
  return LOUDNESS[a.tone] - LOUDNESS[b.tone] || a.leftPx - b.leftPx;
}
