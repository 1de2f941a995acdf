import { Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { TaskEntity } from '../../protocol/tab/run-model.ts';
import { createWidth, placeOf } from './box-place.ts';
import type { BoxProps } from './box-place.ts';
import { taskHint, taskName } from './timeline-words.ts';

/** A bar narrower than this holds no words; beside it there must be this much room for them, and more than this they do not take, px. */
const LEAST_WORDS_PX = 34;
const LEAST_ROOM_PX = 44;
const MOST_ROOM_PX = 260;

/** The words of a bar wider than this follow the left edge of the screen, px. */
const WIDE_PX = 160;

const PAD_PX = 7;

/** Where the words of a bar are, and how much room they have. */
interface Words {
  readonly place: 'inside' | 'outside' | 'none';
  readonly roomPx: number;
}

/** One task: its bar, named by what it is and its state, with its description in it or beside it. */
export function TaskBar(props: BoxProps): JSX.Element {
  const id = props.box.span?.id ?? '';
  const widthPx = createWidth(props);
  const task = createMemo(() => (props.on.view.version(), props.on.view.model.task(id)));
  const words = createMemo(() => wordsOf(props, { id, widthPx: widthPx() }));
  const padPx = (): number => {
    const isWide = words().place === 'inside' && widthPx() > WIDE_PX;
    return isWide ? Math.max(PAD_PX, props.on.edgePx() - props.box.leftPx + PAD_PX) : PAD_PX;
  };
  return (
    <Show when={task()}>
      {(entity) => (
        <div
          class="tl-bar"
          role="option"
          data-task={id}
          data-tone={props.box.tone}
          tabIndex={props.on.isTabStop(id) ? 0 : -1}
          aria-selected={props.on.isSelected(id)}
          aria-label={taskName(entity())}
          title={taskHint(entity())}
          style={placeOf(props.box, widthPx())}
          onFocus={() => props.on.onFocus(id)}
        >
          <span
            class="tl-words"
            data-place={words().place}
            style={{ 'max-width': `${words().roomPx}px`, 'padding-left': `${padPx()}px` }}
          >
            {textOf(words(), entity())}
          </span>
        </div>
      )}
    </Show>
  );
}

function textOf(words: Words, task: TaskEntity): string {
  return words.place === 'none' ? '' : task.description;
}

/** Words stand in the bar; where it is too narrow beside it; and never run into the wait that covers the bar's end. */
function wordsOf(props: BoxProps, bar: { readonly id: string; readonly widthPx: number }): Words {
  const { view, anchorMs, pxPerMs } = props.on;
  view.version();
  const wait = view.model.block(bar.id)?.waits.find(({ endMs }) => endMs === undefined);
  const freePx = wait === undefined ? bar.widthPx : (wait.startMs - anchorMs()) * pxPerMs() - props.box.leftPx;
  if (freePx >= LEAST_WORDS_PX) return { place: 'inside', roomPx: freePx };
  const roomPx = wait === undefined ? Math.min(props.box.roomPx, MOST_ROOM_PX) - PAD_PX : 0;
  return roomPx >= LEAST_ROOM_PX ? { place: 'outside', roomPx } : { place: 'none', roomPx: 0 };
}
