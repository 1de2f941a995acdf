import type { Accessor, JSX } from 'solid-js';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { TimelineView } from './create-timeline-view.ts';
import type { PlacedBox } from './visible-boxes.ts';

/** What boxes are drawn on, and what all of them know. */
export interface DrawnOn {
  readonly view: TimelineView;
  /** The time at the sheet's px 0, and the sheet's scale. */
  readonly anchorMs: Accessor<number>;
  readonly pxPerMs: Accessor<number>;
  /** Where the left edge of the screen is on the sheet, px. */
  readonly edgePx: Accessor<number>;
  readonly isTabStop: (taskId: string) => boolean;
  readonly isSelected: (taskId: string) => boolean;
  readonly review: (key: string) => ReviewEntity | undefined;
  readonly onFocus: (taskId: string) => void;
}

/** What one box is given. */
export interface BoxProps {
  readonly box: PlacedBox;
  readonly on: DrawnOn;
}

/** What goes on is never thinner than this, px. */
const THINNEST_OPEN_PX = 3;

/** The width now: what goes on reaches to the clock. */
export function createWidth(props: BoxProps): Accessor<number> {
  return () => {
    const { widthPx, leftPx } = props.box;
    if (widthPx !== undefined) return widthPx;
    return Math.max(THINNEST_OPEN_PX, (props.on.view.now() - props.on.anchorMs()) * props.on.pxPerMs() - leftPx);
  };
}

/** Where a box stands on the sheet, as styles. */
export function placeOf(box: PlacedBox, widthPx: number): JSX.CSSProperties {
  return {
    transform: `translate(${box.leftPx}px, ${box.topPx}px)`,
    width: `${widthPx}px`,
    height: `${box.heightPx}px`,
  };
}
