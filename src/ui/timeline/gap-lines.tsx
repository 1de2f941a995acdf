import { Index, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { TimelineView } from './create-timeline-view.ts';
import { gapMarks } from './gap-marks.ts';
import { pxPerMs } from './time-scale.ts';

/** Where events are missing, as dotted lines across all lanes, with how many. */
export function GapLines(props: { view: TimelineView }): JSX.Element {
  const marks = createMemo(() => {
    props.view.version();
    const window = props.view.look()?.window;
    if (window === undefined) return [];
    return gapMarks(props.view.model.gaps(), window, pxPerMs(window, props.view.widthPx()));
  });
  return (
    <Index each={marks()}>
      {(mark) => (
        <div class="tl-gap" data-kind={mark().kind} style={{ transform: `translateX(${mark().leftPx}px)` }}>
          <span>{mark().text}</span>
        </div>
      )}
    </Index>
  );
}
