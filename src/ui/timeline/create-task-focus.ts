import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { TimelineView } from './create-timeline-view.ts';
import type { TaskBlock } from './lane.ts';
import type { PlacedLane } from './placed-lanes.ts';
import { spanOf } from './time-scale.ts';

/** The keyboard on the timeline: one tab stop, arrows from task to task in time, also to those that are merged or scrolled away. */
export interface TaskFocus {
  /** The task that has or last had the focus. */
  readonly active: Accessor<string | undefined>;
  /** The task that the Tab key reaches. */
  readonly tabStop: Accessor<string | undefined>;
  readonly isTaskDrawn: Accessor<boolean>;
  /** Told which tasks are drawn by themselves. */
  readonly drawn: (taskIds: readonly string[]) => void;
  readonly take: (taskId: string) => void;
  /** The list itself got the focus, as no task is drawn that could take it. */
  readonly enter: () => void;
  readonly press: (event: KeyboardEvent) => void;
}

/** What the focus moves in. */
export interface TaskFocusOptions {
  readonly view: TimelineView;
  readonly lanes: Accessor<readonly PlacedLane[]>;
  readonly scroller: Accessor<HTMLElement | undefined>;
  readonly plot: Accessor<HTMLElement | undefined>;
  readonly onSelect: (taskId: string, isPicked: boolean) => void;
}

/** One press of + or −, and of Shift with an arrow as a share of the screen. */
const KEY_ZOOM = 1.5;
const KEY_PAN = 0.2;

/** Room kept above a lane that is scrolled to, px. */
const SCROLL_ROOM_PX = 48;

/** Keyboard navigation for one timeline. */
export function createTaskFocus(options: TaskFocusOptions): TaskFocus {
  const { view } = options;
  const [active, setActive] = createSignal<string>();
  const [drawn, setDrawn] = createSignal<readonly string[]>([]);
  const tabStop = (): string | undefined => {
    const last = active();
    return last !== undefined && drawn().includes(last) ? last : drawn()[0];
  };
  const current = (): string | undefined => active() ?? tabStop();

  function go(id: string | undefined): void {
    if (id === undefined) return;
    const block = view.model.block(id);
    setActive(id);
    if (block !== undefined) {
      view.act({ kind: 'show', fromMs: block.span.startMs, toMs: block.span.endMs ?? view.now() });
      scrollToLane(options, block);
    }
    options.onSelect(id, false);
    // The bar may have to be drawn first. One that has not started has a place below all bars, and no time to scroll to.
    requestAnimationFrame(() => elementOf(options.plot(), id)?.focus({ preventScroll: block !== undefined }));
  }

  const keys = keyActions(view, {
    go,
    current,
    pick: (id) => options.onSelect(id, true),
  });

  return {
    active,
    tabStop,
    isTaskDrawn: () => tabStop() !== undefined,
    drawn: setDrawn,
    take: (id) => {
      setActive(id);
      options.onSelect(id, false);
    },
    enter: () => go(view.model.task(current() ?? '')?.id ?? tasksInOrder(view)[0]),
    press: (event) => pressKey(event, keys),
  };
}

interface KeyTargets {
  readonly go: (taskId: string | undefined) => void;
  readonly current: () => string | undefined;
  readonly pick: (taskId: string) => void;
}

/** Every task by its id: those that have begun in time, then those that have not. */
function tasksInOrder({ model }: TimelineView): readonly string[] {
  return [...model.inTimeOrder().map(({ span }) => span.id), ...model.pending().map(({ id }) => id)];
}

/** What each key does; with `Shift+` before the arrows that pan. */
function keyActions(view: TimelineView, targets: KeyTargets): Readonly<Record<string, () => void>> {
  const step = (by: number) => (): void => {
    const tasks = tasksInOrder(view);
    const from = tasks.indexOf(targets.current() ?? '');
    targets.go(tasks[Math.min(tasks.length - 1, Math.max(0, from + by))]);
  };
  const pick = (): void => {
    const id = targets.current();
    if (id !== undefined) targets.pick(id);
  };
  const zoom = (factor: number) => (): void => view.act({ kind: 'zoom', factor });
  const pan = (direction: number) => (): void => {
    const look = view.look();
    if (look !== undefined) view.act({ kind: 'pan', deltaMs: direction * KEY_PAN * spanOf(look.window) });
  };
  return {
    ArrowRight: step(1),
    ArrowDown: step(1),
    ArrowLeft: step(-1),
    ArrowUp: step(-1),
    Home: () => targets.go(tasksInOrder(view)[0]),
    End: () => targets.go(tasksInOrder(view).at(-1)),
    Enter: pick,
    ' ': pick,
    '+': zoom(1 / KEY_ZOOM),
    '=': zoom(1 / KEY_ZOOM),
    '-': zoom(KEY_ZOOM),
    'Shift+ArrowLeft': pan(-1),
    'Shift+ArrowRight': pan(1),
  };
}

function pressKey(event: KeyboardEvent, keys: Readonly<Record<string, () => void>>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isPan = event.shiftKey && event.key.startsWith('Arrow');
  const action = keys[isPan ? `Shift+${event.key}` : event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function elementOf(plot: HTMLElement | undefined, taskId: string): HTMLElement | null | undefined {
  return plot?.querySelector<HTMLElement>(`[data-task="${CSS.escape(taskId)}"]`);
}

function scrollToLane(options: TaskFocusOptions, block: TaskBlock): void {
  const scroller = options.scroller();
  const placed = options.lanes().find(({ lane }) => lane.role === block.entity.agentRole);
  if (scroller === undefined || placed === undefined) return;
  const track = placed.lane.tracks()[block.track ?? 0];
  const topPx = placed.topPx + (track?.topPx ?? 0);
  const bottomPx = topPx + (track?.shape.heightPx ?? placed.heightPx);
  const isSeen = topPx >= scroller.scrollTop && bottomPx <= scroller.scrollTop + scroller.clientHeight;
  if (!isSeen) scroller.scrollTop = Math.max(0, topPx - SCROLL_ROOM_PX);
}
