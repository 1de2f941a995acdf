import { For, createComputed, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import { countOf } from '../format/count.ts';
import { createWidth, placeOf } from './box-place.ts';
import type { BoxProps, DrawnOn } from './box-place.ts';
import { byStart } from './span.ts';
import { TaskBar } from './task-bar.tsx';
import type { PlacedBox } from './visible-boxes.ts';
import { WaitBar } from './wait-bar.tsx';

/** A small bar narrower than this holds no words, px. */
const LEAST_WORDS_PX = 34;

/** Side of a mark before it is turned, px. */
const MARK_PX = 7;

/** Bars, waits and marks. An element stays the same thing's element for as long as that is drawn, so the focus stays where it is. */
export function TimelineBoxes(props: {
  boxes: readonly PlacedBox[];
  on: DrawnOn;
  onDrawn: (taskIds: readonly string[]) => void;
}): JSX.Element {
  const byKey = createMemo(() => new Map(props.boxes.map((box) => [`${box.kind} ${box.key}`, box])));
  const keys = createMemo(() => [...byKey().keys()]);
  createComputed(() => {
    const tasks = props.boxes.flatMap(({ kind, span }) => (kind === 'task' && span !== undefined ? [span] : []));
    props.onDrawn(tasks.sort(byStart).map((span) => span.id));
  });
  return (
    <For each={keys()}>
      {(key) => {
        const first = byKey().get(key);
        if (first === undefined) return undefined;
        const box = createMemo<PlacedBox>((last) => byKey().get(key) ?? last, first, { equals: isSameBox });
        if (first.kind === 'task' && first.span !== undefined) return <TaskBar box={box()} on={props.on} />;
        if (first.kind === 'wait' && first.span !== undefined) return <WaitBar box={box()} on={props.on} />;
        return <SmallBox box={box()} on={props.on} />;
      }}
    </For>
  );
}

/** True for two boxes that are drawn the same: then nothing of it is drawn again. */
function isSameBox(a: PlacedBox, b: PlacedBox): boolean {
  return (
    a.leftPx === b.leftPx &&
    a.topPx === b.topPx &&
    a.widthPx === b.widthPx &&
    a.heightPx === b.heightPx &&
    a.tone === b.tone &&
    a.count === b.count &&
    a.roomPx === b.roomPx &&
    a.span === b.span
  );
}

function SmallBox(props: BoxProps): JSX.Element {
  const widthPx = createWidth(props);
  const label = (): string => props.box.span?.label ?? countOf(props.box.count, props.box.kind);
  const isMark = props.box.kind === 'tool' && props.box.count === 1;
  const words = (): string => (!isMark && props.box.count === 1 && widthPx() >= LEAST_WORDS_PX ? label() : '');
  return (
    <div
      class={isMark ? 'tl-mark' : 'tl-small'}
      data-kind={props.box.kind}
      data-tone={props.box.tone}
      title={props.box.tone === 'failed' ? `${label()}, failed` : label()}
      style={isMark ? markPlace(props.box) : placeOf(props.box, widthPx())}
    >
      {words()}
    </div>
  );
}

/** A mark stands with its middle at its instant. */
function markPlace(box: PlacedBox): JSX.CSSProperties {
  const topPx = box.topPx + (box.heightPx - MARK_PX) / 2;
  return { transform: `translate(${box.leftPx - MARK_PX / 2}px, ${topPx}px) rotate(45deg)` };
}
