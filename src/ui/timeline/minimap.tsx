import { For, createMemo, createSignal, onCleanup, onMount, untrack } from 'solid-js';
import type { JSX } from 'solid-js';
import { createNow } from '../format/create-now.ts';
import type { TimelineView } from './create-timeline-view.ts';
import { firstLook, look } from './follow.ts';
import type { Look } from './follow.ts';
import { MINIMAP_TONES, minimapPaths, strokePx } from './minimap-paths.ts';
import type { PlacedLane } from './placed-lanes.ts';
import { spanOf } from './time-scale.ts';
import type { TimeWindow } from './time-scale.ts';

const HEIGHT_PX = 34;
const UNMEASURED_PX = 800;

/** The whole run at the foot of the timeline, and which part of it is looked at. For the pointer only: keys have the timeline itself. */
export function Minimap(props: { view: TimelineView; lanes: readonly PlacedLane[] }): JSX.Element {
  const [widthPx, setWidthPx] = createSignal(UNMEASURED_PX);
  const second = createNow();
  let map: HTMLDivElement | undefined;
  /** All of the run; like the timeline itself it grows by good pieces, and at most once a second. */
  const wholeLook = createMemo<Look | undefined>((last) => {
    second();
    props.view.version();
    const extent = untrack(() => props.view.extent());
    if (extent === undefined) return undefined;
    return last === undefined ? firstLook(extent) : look(last, { kind: 'time-passed' }, extent);
  });
  const whole = (): TimeWindow => wholeLook()?.window ?? { fromMs: 0, toMs: 1 };
  /** Drawn once a second at most: it is small, and there may be ten thousand tasks in it. */
  const paths = createMemo(() => {
    const nowMs = second();
    const { fromMs, toMs } = whole();
    return minimapPaths(props.lanes, { fromMs, toMs, nowMs, widthPx: widthPx(), heightPx: HEIGHT_PX });
  });
  const frame = (): JSX.CSSProperties => {
    const { fromMs } = whole();
    const scale = widthPx() / spanOf(whole());
    const window = props.view.look()?.window ?? whole();
    const left = Math.max(0, (window.fromMs - fromMs) * scale);
    const right = Math.min(widthPx(), (window.toMs - fromMs) * scale);
    return { transform: `translateX(${left}px)`, width: `${Math.max(6, right - left)}px` };
  };

  function goTo(event: PointerEvent): void {
    const window = props.view.look()?.window;
    if (event.buttons !== 1 || map === undefined || window === undefined) return;
    const share = (event.clientX - map.getBoundingClientRect().left) / widthPx();
    const wantedMs = whole().fromMs + share * spanOf(whole());
    props.view.act({ kind: 'pan', deltaMs: wantedMs - (window.fromMs + window.toMs) / 2 });
  }

  onMount(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidthPx(entry.contentRect.width);
    });
    if (map !== undefined) observer.observe(map);
    onCleanup(() => observer.disconnect());
  });

  return (
    <div
      class="tl-mini"
      aria-hidden="true"
      ref={(element) => (map = element)}
      onPointerDown={goTo}
      onPointerMove={goTo}
    >
      <svg width="100%" height={HEIGHT_PX} stroke-width={strokePx(props.lanes, HEIGHT_PX)}>
        <For each={MINIMAP_TONES}>{(tone) => <path data-tone={tone} d={paths()[tone]} />}</For>
      </svg>
      <div class="tl-mini-frame" style={frame()} />
    </div>
  );
}
