import type { JSX } from 'solid-js';
import { createNow } from '../format/create-now.ts';
import { timerText } from '../reviews/review-words.ts';
import { createWidth, placeOf } from './box-place.ts';
import type { BoxProps } from './box-place.ts';

/** A wait narrower than this holds no words, and one narrower than that says only what happens next, px. */
const LEAST_WORDS_PX = 34;
const REVIEW_WORDS_PX = 190;

/** The time that a task waits, or waited, for a person. */
export function WaitBar(props: BoxProps): JSX.Element {
  const widthPx = createWidth(props);
  const now = createNow();
  const isOpen = (): boolean => props.box.tone === 'waiting';
  const text = (): string => {
    const { view } = props.on;
    view.version();
    if (!isOpen()) return 'waited for a person';
    const review = props.on.review(view.model.wait(props.box.span?.id ?? '')?.review ?? '');
    if (review === undefined) return 'waiting for you';
    const timer = timerText(review, now()).toLowerCase();
    return widthPx() < REVIEW_WORDS_PX ? timer : `review · ${timer}`;
  };
  return (
    <div class="tl-wait" data-open={isOpen()} title={text()} style={placeOf(props.box, widthPx())}>
      <span class="tl-words">{isOpen() && widthPx() >= LEAST_WORDS_PX ? text() : ''}</span>
    </div>
  );
}
