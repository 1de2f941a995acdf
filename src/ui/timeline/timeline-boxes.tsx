import { For, Show, createComputed, createMemo } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import { createNow } from '../format/create-now.ts';
import { countOf } from '../format/count.ts';
import { timerText } from '../reviews/review-words.ts';
import type { TimelineView } from './create-timeline-view.ts';
import { byStart } from './span.ts';
import { taskHint, taskName } from './timeline-words.ts';
import type { PlacedBox } from './visible-boxes.ts';

/** A bar narrower than this holds no words; beside it there must be this much room for them, px. */
const LEAST_WORDS_PX = 34;
const LEAST_ROOM_PX = 44;

/** The words of a bar wider than this follow the left edge of the screen, px. */
const WIDE_PX = 160;

/** A wait narrower than this says only what happens next, px. */
const REVIEW_WORDS_PX = 190;

/** What the drawing of boxes is given. */
export interface BoxesProps {
  readonly view: TimelineView;
  readonly boxes: readonly PlacedBox[];
  readonly anchorMs: number;
  readonly active: string | undefined;
  readonly selected: string | undefined;
  readonly reviews: Readonly<Record<string, ReviewEntity>>;
  readonly onFocus: (taskId: string) => void;
  readonly onDrawn: (taskIds: readonly string[]) => void;
}

/** Bars, waits and marks. An element stays the same thing's element for as long as that is drawn, so the focus stays where it is. */
export function TimelineBoxes(props: BoxesProps): JSX.Element {
  const byKey = createMemo(() => new Map(props.boxes.map((box) => [`${box.kind} ${box.key}`, box])));
  createComputed(() => {
    const tasks = props.boxes.flatMap(({ kind, span }) => (kind === 'task' && span !== undefined ? [span] : []));
    props.onDrawn(tasks.sort(byStart).map((span) => span.id));
  });
  return (
    <For each={[...byKey().keys()]}>
      {(key) => {
        const box = createMemo<PlacedBox | undefined>((last) => byKey().get(key) ?? last);
        return <Show when={box()}>{(shown) => <OneBox {...props} box={shown()} />}</Show>;
      }}
    </For>
  );
}

type OneBoxProps = BoxesProps & { readonly box: PlacedBox };

function OneBox(props: OneBoxProps): JSX.Element {
  const isTask = props.box.kind === 'task' && props.box.span !== undefined;
  if (isTask) return <TaskBar {...props} />;
  if (props.box.kind === 'wait' && props.box.span !== undefined) return <WaitBar {...props} />;
  return <SmallBox {...props} />;
}

/** The width now: what goes on reaches to the clock. */
function createWidth(props: OneBoxProps): Accessor<number> {
  return () => {
    const { widthPx, leftPx } = props.box;
    if (widthPx !== undefined) return widthPx;
    const look = props.view.look();
    const scale = look === undefined ? 0 : props.view.widthPx() / (look.window.toMs - look.window.fromMs);
    return Math.max(3, (props.view.now() - props.anchorMs) * scale - leftPx);
  };
}

function placeOf(box: PlacedBox, widthPx: number): JSX.CSSProperties {
  return {
    '--left': `${box.leftPx}px`,
    transform: `translate(${box.leftPx}px, ${box.topPx}px)`,
    width: `${widthPx}px`,
    height: `${box.heightPx}px`,
  };
}

function TaskBar(props: OneBoxProps): JSX.Element {
  const id = props.box.span?.id ?? '';
  const widthPx = createWidth(props);
  const task = createMemo(() => (props.view.version(), props.view.model.task(id)));
  /** Words must not run into the wait that covers the bar's end. */
  const wordsPx = createMemo(() => {
    props.view.version();
    const waits = props.view.model.block(id)?.waits ?? [];
    const open = waits.find((wait) => wait.endMs === undefined);
    const look = props.view.look();
    if (open === undefined || look === undefined) return widthPx();
    return (
      ((open.startMs - props.anchorMs) * props.view.widthPx()) / (look.window.toMs - look.window.fromMs) -
      props.box.leftPx
    );
  });
  const isInside = (): boolean => wordsPx() >= LEAST_WORDS_PX;
  const hasRoom = (): boolean => wordsPx() === widthPx() && !isInside() && props.box.roomPx >= LEAST_ROOM_PX;
  return (
    <Show when={task()}>
      {(entity) => (
        <div
          class="tl-bar"
          role="option"
          data-task={id}
          data-tone={props.box.tone}
          data-wide={widthPx() > WIDE_PX}
          tabIndex={props.active === id ? 0 : -1}
          aria-selected={props.selected === id}
          aria-label={taskName(entity())}
          title={taskHint(entity())}
          style={placeOf(props.box, widthPx())}
          onFocus={() => props.onFocus(id)}
        >
          <Show when={isInside()}>
            <span class="tl-words" style={{ 'max-width': `${wordsPx()}px` }}>
              <FailMark tone={props.box.tone} />
              {entity().description}
            </span>
          </Show>
          <Show when={hasRoom()}>
            <span class="tl-words tl-words-outside" style={{ 'max-width': `${Math.min(props.box.roomPx, 260) - 8}px` }}>
              <FailMark tone={props.box.tone} />
              {entity().description}
            </span>
          </Show>
        </div>
      )}
    </Show>
  );
}

/** Failure is not told by colour alone. */
function FailMark(props: { tone: string }): JSX.Element {
  return (
    <Show when={props.tone === 'failed'}>
      <svg class="tl-fail" viewBox="0 0 10 10" aria-hidden="true">
        <path d="M2 2l6 6M8 2l-6 6" fill="none" stroke="currentColor" stroke-width="2" />
      </svg>
    </Show>
  );
}

function WaitBar(props: OneBoxProps): JSX.Element {
  const widthPx = createWidth(props);
  const now = createNow();
  const text = (): string => {
    props.view.version();
    const review = props.reviews[props.view.model.wait(props.box.span?.id ?? '')?.review ?? ''];
    if (props.box.tone !== 'waiting') return 'waited for a person';
    if (review === undefined) return 'waiting for you';
    const timer = timerText(review, now()).toLowerCase();
    return widthPx() < REVIEW_WORDS_PX ? timer : `review · ${timer}`;
  };
  return (
    <div class="tl-wait" data-open={props.box.tone === 'waiting'} title={text()} style={placeOf(props.box, widthPx())}>
      <Show when={props.box.tone === 'waiting' && widthPx() >= LEAST_WORDS_PX}>
        <span class="tl-words">{text()}</span>
      </Show>
    </div>
  );
}

function SmallBox(props: OneBoxProps): JSX.Element {
  const widthPx = createWidth(props);
  const label = (): string => props.box.span?.label ?? countOf(props.box.count, props.box.kind);
  const isMark = props.box.kind === 'tool' && props.box.count === 1;
  return (
    <div
      class={isMark ? 'tl-mark' : 'tl-small'}
      data-kind={props.box.kind}
      data-tone={props.box.tone}
      data-merged={props.box.count > 1}
      title={props.box.tone === 'failed' ? `${label()}, failed` : label()}
      style={isMark ? markPlace(props.box) : placeOf(props.box, widthPx())}
    >
      <Show when={!isMark && props.box.count === 1 && widthPx() >= LEAST_WORDS_PX}>
        <span class="tl-words">
          <FailMark tone={props.box.tone} />
          {label()}
        </span>
      </Show>
    </div>
  );
}

/** A mark stands with its middle at its instant. */
function markPlace(box: PlacedBox): JSX.CSSProperties {
  const sizePx = 7;
  const topPx = box.topPx + (box.heightPx - sizePx) / 2;
  return { transform: `translate(${box.leftPx - sizePx / 2}px, ${topPx}px) rotate(45deg)` };
}
