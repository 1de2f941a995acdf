import { createEffect, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { TimelineView } from './create-timeline-view.ts';
import { pxPerMs } from './time-scale.ts';

/** How much one px of a turned wheel zooms, and the most that one turn does. */
const ZOOM_PER_PX = 0.004;
const MOST_ZOOM = 1.6;

/** A pointer that moved less than this has clicked, px. */
const DRAG_PX = 4;

/** The zoom of one turn of the wheel; below 1 is closer. */
export function wheelFactor(deltaY: number): number {
  return Math.min(MOST_ZOOM, Math.max(1 / MOST_ZOOM, Math.exp(deltaY * ZOOM_PER_PX)));
}

/** Wheel with Ctrl zooms about the pointer, wheel with Shift or a sideways wheel pans, and so does dragging the paper. */
export function createPointerMoves(plot: Accessor<HTMLElement | undefined>, view: TimelineView): void {
  createEffect(() => {
    const element = plot();
    if (element === undefined) return;
    const wheel = (event: WheelEvent): void => turn(event, element, view);
    element.addEventListener('wheel', wheel, { passive: false });
    const stopDrag = listenToDrag(element, view);
    onCleanup(() => {
      element.removeEventListener('wheel', wheel);
      stopDrag();
    });
  });
}

function scaleOf(view: TimelineView): number | undefined {
  const look = view.look();
  return look === undefined ? undefined : pxPerMs(look.window, view.widthPx());
}

function turn(event: WheelEvent, element: HTMLElement, view: TimelineView): void {
  const scale = scaleOf(view);
  const look = view.look();
  if (scale === undefined || look === undefined) return;
  const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (event.ctrlKey || event.metaKey) {
    const atMs = look.window.fromMs + (event.clientX - element.getBoundingClientRect().left) / scale;
    view.act({ kind: 'zoom', factor: wheelFactor(event.deltaY), atMs });
  } else if (isSideways) view.act({ kind: 'pan', deltaMs: (event.deltaX || event.deltaY) / scale });
  else return;
  event.preventDefault();
}

function listenToDrag(element: HTMLElement, view: TimelineView): () => void {
  let lastX: number | undefined;
  let isDragging = false;
  const down = (event: PointerEvent): void => {
    if (event.button === 0) lastX = event.clientX;
    isDragging = false;
  };
  const move = (event: PointerEvent): void => {
    const scale = scaleOf(view);
    if (lastX === undefined || scale === undefined || (!isDragging && Math.abs(event.clientX - lastX) < DRAG_PX))
      return;
    if (!isDragging) element.setPointerCapture(event.pointerId);
    isDragging = true;
    view.act({ kind: 'pan', deltaMs: (lastX - event.clientX) / scale });
    lastX = event.clientX;
  };
  const up = (): void => {
    lastX = undefined;
  };
  // A drag that ends on a bar is no click on it.
  const click = (event: MouseEvent): void => {
    if (isDragging) event.stopPropagation();
    isDragging = false;
  };
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('click', click, { capture: true });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('click', click, { capture: true });
  };
}
