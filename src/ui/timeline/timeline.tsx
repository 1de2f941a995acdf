import { For, Show, createMemo, createSelector, createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { RunHead, TaskEntity } from '../../protocol/tab/run-model.ts';
import { EachById } from '../lists/each-by-id.tsx';
import type { DrawnOn } from './box-place.ts';
import { createPaper } from './create-paper.ts';
import { createPointerMoves } from './create-pointer-moves.ts';
import { createTaskFocus } from './create-task-focus.ts';
import type { TimelineView } from './create-timeline-view.ts';
import { GapLines } from './gap-lines.tsx';
import { LaneLabels } from './lane-labels.tsx';
import { Minimap } from './minimap.tsx';
import { heightOfLanes, lanesInRange, placeLanes } from './placed-lanes.ts';
import { TimelineBoxes } from './timeline-boxes.tsx';
import { pxPerMs, ticksOf } from './time-scale.ts';
import { pendingNote, taskName } from './timeline-words.ts';
import './timeline.css';

/** Height of the line for tasks that have not started, px. */
const PENDING_PX = 46;

/** Room that the last label of the axis needs, px. */
const LABEL_PX = 34;

/** Room of the word "now", and of one figure of a label, and how far now moves before labels make room for it, px. */
const NOW_PX = 30;
const DIGIT_PX = 8;
const NOW_STEP_PX = 4;

/** What the timeline shows and tells. */
export interface TimelineProps {
  readonly view: TimelineView;
  readonly head: RunHead;
  /** The reviews of this producer by key, for the words on a wait. */
  readonly reviews: Readonly<Record<string, ReviewEntity>>;
  readonly selected: string | undefined;
  readonly onSelect: (taskId: string, isPicked: boolean) => void;
}

/** One run over time: agents are lanes, tasks are bars, and what waits, failed or is missing is drawn as what it is. */
export function Timeline(props: TimelineProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- the view is one for the life of the component
  const view = props.view;
  const [plot, setPlot] = createSignal<HTMLDivElement>();
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const lanes = createMemo(() => {
    view.version();
    return placeLanes(view.model.lanes());
  });
  const paper = createPaper(view, { lanes, scroller });
  const focus = createTaskFocus({
    view,
    lanes,
    scroller,
    plot,
    onSelect: (id, isPicked) => props.onSelect(id, isPicked),
  });
  const boxes = createMemo(() => paper.boxes(focus.active()));
  const drawnOn: DrawnOn = {
    view,
    anchorMs: paper.anchorMs,
    pxPerMs: paper.pxPerMs,
    edgePx: paper.edgePx,
    isTabStop: createSelector(focus.tabStop),
    isSelected: createSelector(() => props.selected),
    review: (key) => props.reviews[key],
    onFocus: (id) => focus.take(id),
  };
  const lanesPx = (): number => heightOfLanes(lanes());
  const pendingTasks = createMemo(() => (view.version(), view.model.pending()));
  const pendingCount = (): number => Math.max(props.head.tasksPending, pendingTasks().length);
  const heightPx = (): number => lanesPx() + (pendingCount() > 0 ? PENDING_PX : 0);
  createPointerMoves(plot, view);

  onMount(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) view.setWidthPx(entry.contentRect.width);
    });
    const element = plot();
    if (element !== undefined) observer.observe(element);
    onCleanup(() => observer.disconnect());
  });

  return (
    <section class="tl" aria-label="Timeline">
      <TimelineAxis view={view} />
      <div class="tl-scroll" ref={setScroller}>
        <div class="tl-content" style={{ height: `${heightPx()}px` }}>
          <LaneLabels lanes={lanesInRange(lanes(), paper.range())} version={view.version()} />
          <div
            class="tl-plot"
            role="listbox"
            aria-label="Tasks"
            aria-orientation="horizontal"
            tabIndex={focus.isTaskDrawn() ? -1 : 0}
            ref={setPlot}
            onKeyDown={(event) => focus.press(event)}
            onClick={(event) => {
              const id = taskAt(event.target);
              if (id !== undefined) props.onSelect(id, true);
            }}
            onFocus={(event) => event.target === event.currentTarget && focus.enter()}
          >
            <GridLines view={view} />
            <NowLine view={view} />
            <div class="tl-layer" style={{ transform: `translateX(${-paper.edgePx()}px)` }}>
              <TimelineBoxes boxes={boxes()} on={drawnOn} onDrawn={(ids) => focus.drawn(ids)} />
            </div>
            <Show when={pendingCount() > 0}>
              <PendingTasks tasks={pendingTasks()} topPx={lanesPx()} selected={props.selected} onFocus={focus.take} />
            </Show>
            <GapLines view={view} />
          </div>
          <Show when={pendingCount() > 0}>
            <div class="tl-lane tl-lane-pending" style={{ top: `${lanesPx()}px`, height: `${PENDING_PX}px` }}>
              <div class="tl-who">
                <span>{pendingNote(pendingCount())}</span>
              </div>
            </div>
          </Show>
        </div>
      </div>
      <Minimap view={view} lanes={lanes()} />
    </section>
  );
}

/** The task whose bar, or a part of it, is at a place of the page. */
function taskAt(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-task]')?.dataset['task'] : undefined;
}

/** Tasks that are known by name and have not started. */
function PendingTasks(props: {
  tasks: readonly TaskEntity[];
  topPx: number;
  selected: string | undefined;
  onFocus: (taskId: string) => void;
}): JSX.Element {
  return (
    <div class="tl-pending" style={{ top: `${props.topPx}px`, height: `${PENDING_PX}px` }}>
      <EachById items={props.tasks}>
        {(task) => (
          <div
            class="tl-chip"
            role="option"
            tabIndex={-1}
            aria-selected={props.selected === task().id}
            aria-label={taskName(task())}
            data-task={task().id}
            onFocus={() => props.onFocus(task().id)}
          >
            {task().description}
          </div>
        )}
      </EachById>
    </div>
  );
}

function TimelineAxis(props: { view: TimelineView }): JSX.Element {
  // In steps, because it moves with every frame.
  const nowPx = createMemo(() => Math.round((nowLeftPx(props.view) ?? -NOW_PX) / NOW_STEP_PX) * NOW_STEP_PX);
  const ticks = createMemo(() => {
    const [extent, look] = [props.view.extent(), props.view.look()];
    if (extent === undefined || look === undefined) return [];
    const scale = pxPerMs(look.window, props.view.widthPx());
    const placed = ticksOf(look.window, extent.startMs, props.view.widthPx()).map(({ atMs, label }) => ({
      label,
      leftPx: (atMs - look.window.fromMs) * scale,
    }));
    return placed.filter(
      ({ leftPx, label }) =>
        leftPx < props.view.widthPx() - LABEL_PX &&
        (leftPx > nowPx() + NOW_PX || leftPx + label.length * DIGIT_PX < nowPx()),
    );
  });
  return (
    <div class="tl-axis" aria-hidden="true">
      <div class="tl-axis-paper">
        <For each={ticks()}>
          {(tick) => <span style={{ transform: `translateX(${tick.leftPx}px)` }}>{tick.label}</span>}
        </For>
        <NowLine view={props.view} label="now" />
      </div>
    </div>
  );
}

/** The axis' lines as one repeating background, moved and not redrawn. */
function GridLines(props: { view: TimelineView }): JSX.Element {
  const lines = createMemo(() => {
    const [extent, look] = [props.view.extent(), props.view.look()];
    if (extent === undefined || look === undefined) return undefined;
    const scale = pxPerMs(look.window, props.view.widthPx());
    const [first, second] = ticksOf(look.window, extent.startMs, props.view.widthPx());
    if (first === undefined) return undefined;
    return {
      left: `${(first.atMs - look.window.fromMs) * scale}px`,
      'background-size': `${second === undefined ? 100_000 : (second.atMs - first.atMs) * scale}px 1px`,
    };
  });
  return <Show when={lines()}>{(style) => <div class="tl-grid" style={style()} />}</Show>;
}

/** Where now is; undefined where it is not shown. */
function nowLeftPx(view: TimelineView): number | undefined {
  const look = view.look();
  if (look === undefined || view.extent()?.isLive !== true) return undefined;
  const left = (view.now() - look.window.fromMs) * pxPerMs(look.window, view.widthPx());
  return left >= 0 && left <= view.widthPx() ? left : undefined;
}

function NowLine(props: { view: TimelineView; label?: string }): JSX.Element {
  const leftPx = (): number | undefined => nowLeftPx(props.view);
  return (
    <Show when={leftPx() !== undefined}>
      <div class="tl-now" aria-hidden="true" style={{ transform: `translateX(${leftPx() ?? 0}px)` }}>
        {props.label}
      </div>
    </Show>
  );
}
