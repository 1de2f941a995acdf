import { layoutEnd } from './span.ts';
import type { Span } from './span.ts';

/** Clocks and rounding make one thing's end a little later than the next one's start: they still share a row, ms. */
const TOLERANCE_MS = 5;

/** One row of bars: spans sorted by start, none overlapping the next. */
export interface Row {
  readonly spans: Span[];
}

/** Heights, px. The drawing takes its sizes from here too. */
export const BAR_PX = 22;
export const SMALL_PX = 14;
const SMALL_STEP_PX = 18;
const TRACK_PAD_PX = 5;

/** A task's place: what of it must not be overlapped on its track, ms. */
export interface Block {
  readonly span: Span;
  readonly waits: Span[];
  readonly iterations: Span[];
  readonly delegations: Span[];
  readonly tools: Span[];
  /** Index of its track in the lane; undefined until it has one. */
  track: number | undefined;
}

/** One line of tasks within a lane, with the small rows below it. */
export interface Track {
  readonly blocks: Block[];
  readonly tasks: Row;
  readonly waits: Row;
  readonly tools: Row;
  readonly iterations: Row[];
  readonly delegations: Row[];
}

/** An empty track. */
export function emptyTrack(): Track {
  const row = (): Row => ({ spans: [] });
  return { blocks: [], tasks: row(), waits: row(), tools: row(), iterations: [], delegations: [] };
}

/** From the task's or its first wait's beginning. */
export function blockStart(block: Block): number {
  return Math.min(block.span.startMs, ...block.waits.map((wait) => wait.startMs));
}

/** To the task's or its last wait's end; without end while one of them goes on. */
export function blockEnd(block: Block): number {
  return Math.max(layoutEnd(block.span), ...block.waits.map(layoutEnd));
}

/**
 * Puts a span into the first row that is free at its start, or into a new one.
 *
 * @returns false where it begins before something that is there already: then the rows must be packed again in order.
 */
export function packSpan(rows: Row[], span: Span): boolean {
  for (const row of rows) {
    const last = row.spans.at(-1);
    if (last !== undefined && last.startMs > span.startMs) return false;
    if (last === undefined || layoutEnd(last) <= span.startMs + TOLERANCE_MS) {
      row.spans.push(span);
      return true;
    }
  }
  rows.push({ spans: [span] });
  return true;
}

/** Puts a span at the end of a row whose members may overlap (marks, waits); false where it belongs before one that is there. */
export function appendSpan(row: Row, span: Span): boolean {
  const last = row.spans.at(-1);
  if (last !== undefined && last.startMs > span.startMs) return false;
  row.spans.push(span);
  return true;
}

/** The first track that is free when a block begins; `tracks.length` where a new one is needed, undefined where order is broken. */
export function findTrack(tracks: readonly Track[], block: Block): number | undefined {
  const start = blockStart(block);
  for (const [index, track] of tracks.entries()) {
    const last = track.blocks.at(-1);
    if (last !== undefined && blockStart(last) > start) return undefined;
    if (last === undefined || blockEnd(last) <= start + TOLERANCE_MS) return index;
  }
  return tracks.length;
}

/** True where a block that grew now reaches into the one after it on its track. */
export function isInTheWay(track: Track, block: Block): boolean {
  if (track.blocks.at(-1) === block) return false;
  const next = track.blocks[track.blocks.indexOf(block) + 1];
  return next !== undefined && blockEnd(block) > blockStart(next) + TOLERANCE_MS;
}

/** Where the rows of a track stand below its top, and how high it is, px. */
export interface TrackShape {
  readonly barPx: number;
  readonly iterationPx: readonly number[];
  readonly delegationPx: readonly number[];
  readonly heightPx: number;
}

/** The shape of a track: its bar on top, iterations and marks below, then delegations. A track without tasks has no bar. */
export function shapeOf(track: Track): TrackShape {
  const hasBar = track.tasks.spans.length + track.waits.spans.length > 0;
  const small = TRACK_PAD_PX + (hasBar ? BAR_PX + 4 : 0);
  const inner = Math.max(track.iterations.length, track.tools.spans.length > 0 ? 1 : 0);
  const rowsPx = (first: number, count: number): number[] =>
    Array.from({ length: count }, (_, index) => small + (first + index) * SMALL_STEP_PX);
  const smallRows = inner + track.delegations.length;
  return {
    barPx: TRACK_PAD_PX,
    iterationPx: rowsPx(0, inner),
    delegationPx: rowsPx(inner, track.delegations.length),
    heightPx: small + smallRows * SMALL_STEP_PX + (smallRows > 0 ? 0 : -4) + TRACK_PAD_PX,
  };
}
