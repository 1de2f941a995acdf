import { clockDuration } from '../format/duration.ts';

/** The stretch of time that is shown, ms since the Unix epoch. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One mark of the axis. */
export interface Tick {
  readonly atMs: number;
  readonly label: string;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps that people count in, ms. */
const STEPS_MS: readonly number[] = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  [1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  [1, 2, 7, 14, 30, 90, 365].map((days) => days * DAY_MS),
].flat();

/** Two labels never stand closer than this, px: room for `1:02:03` and air. */
const TICK_ROOM_PX = 76;

/** The closest and the widest look: a hundredth of a second, and a year, ms. */
const MIN_SPAN_MS = 10;
const MAX_SPAN_MS = 365 * DAY_MS;

/** How long the window is, ms. */
export function spanOf(window: TimeWindow): number {
  return window.toMs - window.fromMs;
}

/** How many px one ms takes. */
export function pxPerMs(window: TimeWindow, widthPx: number): number {
  return widthPx / spanOf(window);
}

/** The window, closer (`factor` below 1) or wider, with `atMs` staying where it is on the screen. */
export function zoomAbout(window: TimeWindow, factor: number, atMs: number): TimeWindow {
  const span = spanOf(window);
  const wanted = Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, span * factor));
  const share = (atMs - window.fromMs) / span;
  const fromMs = atMs - share * wanted;
  return { fromMs, toMs: fromMs + wanted };
}

/** The window, moved; later for a positive `deltaMs`. */
export function panBy(window: TimeWindow, deltaMs: number): TimeWindow {
  return { fromMs: window.fromMs + deltaMs, toMs: window.toMs + deltaMs };
}

/** The smallest step in which people count whose labels do not touch. */
export function niceStep(spanMs: number, widthPx: number): number {
  const wanted = (spanMs * TICK_ROOM_PX) / Math.max(1, widthPx);
  return STEPS_MS.find((step) => step >= wanted) ?? MAX_SPAN_MS;
}

/** The marks of the axis, counted from `originMs`, the run's beginning; nothing before it. */
export function ticksOf(window: TimeWindow, originMs: number, widthPx: number): Tick[] {
  const step = niceStep(spanOf(window), widthPx);
  const first = Math.max(0, Math.ceil((window.fromMs - originMs) / step));
  const last = Math.floor((window.toMs - originMs) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const offset = (first + index) * step;
    return { atMs: originMs + offset, label: tickLabel(offset, step) };
  });
}

/** A time since the run's beginning as the axis says it, as exact as the step needs: `1:30`, `0:01.25`. */
export function tickLabel(offsetMs: number, stepMs: number): string {
  if (stepMs >= SECOND_MS) return clockDuration(offsetMs);
  const digits = stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  const fraction = ((offsetMs % SECOND_MS) / SECOND_MS).toFixed(digits).slice(1);
  return `${clockDuration(offsetMs)}${fraction}`;
}
