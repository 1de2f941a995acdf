import { panBy, spanOf, zoomAbout } from './time-scale.ts';
import type { TimeWindow } from './time-scale.ts';

/** What there is to see: from the first thing to the latest, which is now while the run lives. ms since the Unix epoch. */
export interface Extent {
  readonly startMs: number;
  readonly latestMs: number;
  readonly isLive: boolean;
}

/**
 * Which stretch is looked at, and how it moves by itself: `fit` keeps the whole run in sight, `latest` keeps the newest part in sight at the
 * zoom that was chosen, `still` never moves.
 */
export interface Look {
  readonly mode: 'fit' | 'latest' | 'still';
  readonly window: TimeWindow;
}

/** What somebody does to the look. */
export type LookAction =
  | { readonly kind: 'time-passed' }
  | { readonly kind: 'fit' }
  | { readonly kind: 'follow'; readonly isOn: boolean }
  | { readonly kind: 'pan'; readonly deltaMs: number }
  | { readonly kind: 'zoom'; readonly factor: number; readonly atMs?: number }
  | { readonly kind: 'show'; readonly fromMs: number; readonly toMs: number };

/** A run that has just begun is shown on this much paper, ms. */
const SHORTEST_PAPER_MS = 2000;

/** Empty paper at the left of the run's beginning, as a share of the whole. */
const LEFT_MARGIN = 0.01;

/** Where an ended run ends on the paper, and where a live one is put each time the paper grows: the paper then stands still for a while. */
const END_AT = 0.97;
const LIVE_AT = 0.8;

/** The whole run, with room to grow while it lives. */
export function fitExtent(extent: Extent): TimeWindow {
  const length = Math.max(extent.latestMs - extent.startMs, extent.isLive ? SHORTEST_PAPER_MS : 1);
  const span = length / ((extent.isLive ? LIVE_AT : END_AT) - LEFT_MARGIN);
  const fromMs = extent.startMs - span * LEFT_MARGIN;
  return { fromMs, toMs: fromMs + span };
}

/** The look at the start: all of it, followed. */
export function firstLook(extent: Extent): Look {
  return { mode: 'fit', window: fitExtent(extent) };
}

/** The look after an action. Pan and zoom stop the following when what is latest is no longer in sight. */
export function look(before: Look, action: LookAction, extent: Extent): Look {
  switch (action.kind) {
    case 'time-passed':
      return keepUp(before, extent);
    case 'fit':
      return firstLook(extent);
    case 'follow':
      return action.isOn ? followAgain(before, extent) : { mode: 'still', window: before.window };
    case 'pan':
      return moved(before, panBy(before.window, action.deltaMs), extent);
    case 'zoom':
      return moved(before, zoomAbout(before.window, action.factor, action.atMs ?? anchorOf(before, extent)), extent);
    case 'show':
      return broughtIntoSight(before, action, extent);
  }
}

/** A look that follows does not move with every frame: only when what is latest nears its edge, and then by a good piece. */
function keepUp(before: Look, extent: Extent): Look {
  if (before.mode === 'still' || isInSight(before.window, extent)) return before;
  return before.mode === 'fit' ? firstLook(extent) : { mode: 'latest', window: withLatestAt(before.window, extent) };
}

function followAgain(before: Look, extent: Extent): Look {
  if (spanOf(before.window) >= spanOf(fitExtent(extent))) return firstLook(extent);
  return { mode: 'latest', window: withLatestAt(before.window, extent) };
}

function moved(before: Look, window: TimeWindow, extent: Extent): Look {
  const follows = before.mode !== 'still' && isInSight(window, extent);
  return { mode: follows ? 'latest' : 'still', window };
}

function broughtIntoSight(before: Look, wanted: TimeWindow, extent: Extent): Look {
  const { window } = before;
  if (wanted.toMs > window.fromMs && wanted.fromMs < window.toMs) return before;
  const middle = wanted.fromMs - spanOf(window) * 0.3;
  return moved(before, panBy(window, middle - window.fromMs), extent);
}

/** A key or a button zooms about what is latest while that is followed, else about the middle. */
function anchorOf(before: Look, extent: Extent): number {
  const { window } = before;
  return before.mode !== 'still' && isInSight(window, extent) ? extent.latestMs : (window.fromMs + window.toMs) / 2;
}

function isInSight(window: TimeWindow, extent: Extent): boolean {
  return extent.latestMs >= window.fromMs && extent.latestMs <= window.fromMs + spanOf(window) * 0.985;
}

function withLatestAt(window: TimeWindow, extent: Extent): TimeWindow {
  const share = extent.isLive ? LIVE_AT : END_AT;
  return panBy(window, extent.latestMs - spanOf(window) * share - window.fromMs);
}
