import { createComputed, createMemo, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { RunSummary } from '../../protocol/tab/run-model.ts';
import type { FrameScheduler } from '../hub/frame-scheduler.ts';
import { createMovingNow } from './create-moving-now.ts';
import { firstLook, look as nextLook } from './follow.ts';
import type { Extent, Look, LookAction } from './follow.ts';
import { pxPerMs } from './time-scale.ts';
import type { TimelineModel } from './timeline-model.ts';

/** What the timeline looks at, shared by its drawing and its controls. */
export interface TimelineView {
  readonly model: TimelineModel;
  /** Counts the changes of the model; read it before reading the model. */
  readonly version: Accessor<number>;
  /** From the beginning to what is latest; undefined while nothing is known. */
  readonly extent: Accessor<Extent | undefined>;
  readonly look: Accessor<Look | undefined>;
  readonly act: (action: LookAction) => void;
  /** The time of day as it moves things: as often as they move by half a px, and not at all once the run has ended. */
  readonly now: Accessor<number>;
  /** How wide the paper is, px. */
  readonly widthPx: Accessor<number>;
  readonly setWidthPx: (widthPx: number) => void;
}

/** What a view is made from. */
export interface TimelineViewOptions {
  readonly model: TimelineModel;
  readonly version: Accessor<number>;
  readonly run: Accessor<RunSummary | undefined>;
  readonly frames: FrameScheduler;
  readonly clock: () => number;
  /** True where the system asks for less motion: then time moves once a second. */
  readonly isCalm: () => boolean;
}

/** A width before the paper was measured, px. */
const UNMEASURED_PX = 800;

/** How often things move where the system asks for less motion, ms. */
const CALM_MS = 1000;

/** True while a run can still grow. */
export function isLiveRun(run: RunSummary | undefined): boolean {
  return run?.state === 'running' || run?.state === 'waiting';
}

/** The look at one run's timeline; it begins anew when another run is shown. */
export function createTimelineView(options: TimelineViewOptions): TimelineView {
  const [look, setLook] = createSignal<Look>();
  const [widthPx, setWidthPx] = createSignal(UNMEASURED_PX);
  const isLive = createMemo(() => isLiveRun(options.run()));
  const stepMs = (): number => {
    const window = look()?.window;
    if (options.isCalm()) return CALM_MS;
    return window === undefined ? 0 : 0.5 / pxPerMs(window, widthPx());
  };
  const now = createMovingNow({ frames: options.frames, clock: options.clock, isMoving: isLive, stepMs });
  const extent = createMemo(() => {
    options.version();
    return extentOf(options.model, options.run(), isLive() ? now() : undefined);
  });

  function act(action: LookAction): void {
    const known = extent();
    const before = look();
    if (known !== undefined && before !== undefined) setLook(nextLook(before, action, known));
  }

  const runId = createMemo(() => options.run()?.id);
  createComputed<string | undefined>((lastId) => {
    const known = extent();
    const id = runId();
    if (known === undefined) setLook(undefined);
    else setLook((before) => (before === undefined || id !== lastId ? firstLook(known) : keepUp(before, known)));
    return id;
  });
  return { model: options.model, version: options.version, extent, look, act, now, widthPx, setWidthPx };
}

function keepUp(before: Look, extent: Extent): Look {
  return nextLook(before, { kind: 'time-passed' }, extent);
}

/** What there is to see of a run; `nowMs` only while it lives. */
export function extentOf(
  model: TimelineModel,
  run: RunSummary | undefined,
  nowMs: number | undefined,
): Extent | undefined {
  const known = model.knownTime();
  const startMs = Math.min(run?.startedAtMs ?? Infinity, known?.startMs ?? Infinity);
  if (startMs === Infinity) return undefined;
  const endMs = run?.startedAtMs === undefined ? startMs : run.startedAtMs + (run.durationMs ?? 0);
  const latestMs = Math.max(endMs, known?.latestMs ?? startMs, nowMs ?? startMs);
  return { startMs, latestMs, isLive: nowMs !== undefined };
}
