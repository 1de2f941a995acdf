import { batch, createMemo, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { ProducerKey, ReviewKey } from '../../protocol/tab/keys.ts';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { inboxOrder } from '../reviews/review-order.ts';
import { isUnderWay, isUnsettled } from '../reviews/review-words.ts';

/** The review beside a run, and how many others wait anywhere. */
export interface ShownReview {
  readonly review: Accessor<ReviewEntity | undefined>;
  readonly pending: Accessor<number>;
  /** Whether a review, of any process, is one that may still be answered. */
  readonly isOpen: (review: ReviewKey) => boolean;
  /** Puts a review away that has ended. */
  readonly dismiss: () => void;
  /** Told whether somebody writes in it. */
  readonly setWriting: (isWriting: boolean) => void;
}

/** The review that is shown, and whether somebody writes in it. */
export interface LastShown {
  readonly id: string;
  readonly isWriting: boolean;
}

/**
 * The review to show for a producer: the last one shown, as long as it is open or somebody writes in it, so that no other
 * one comes under their hands; else the open one that ends first, else the last one still, so that its fate is seen, else
 * one that is under way.
 */
export function pickReview(
  reviews: readonly ReviewEntity[],
  producer: ProducerKey,
  last?: LastShown,
): ReviewEntity | undefined {
  const own = inboxOrder(reviews.filter((review) => review.producer === producer));
  const before = own.find((review) => review.id === last?.id);
  if (before !== undefined && (before.canDecide || last?.isWriting === true)) return before;
  const [first] = own;
  if (first?.canDecide === true) return first;
  return before ?? own.find((review) => isUnderWay(review.status));
}

/** Which review stands beside the run of a producer. */
export function createShownReview(
  data: Accessor<ViewData<'reviews'> | undefined>,
  producer: Accessor<ProducerKey>,
): ShownReview {
  const all = createMemo(() => Object.values(data()?.entities.reviews ?? {}));
  const [dismissed, setDismissed] = createSignal<string>();
  const [isWriting, setWriting] = createSignal(false);
  const review = createMemo<ReviewEntity | undefined>((before) => {
    const last = before === undefined ? undefined : { id: before.id, isWriting: isWriting() };
    const shown = pickReview(all(), producer(), last);
    return shown !== undefined && !shown.canDecide && shown.id === dismissed() ? undefined : shown;
  });
  const pending = (): number => all().filter((each) => each.canDecide && each.id !== review()?.id).length;
  const dismiss = (): void =>
    batch(() => {
      setWriting(false);
      setDismissed(review()?.id);
    });
  const isOpen = (id: ReviewKey): boolean => isUnsettled(data()?.entities.reviews[id]);
  return { review, pending, isOpen, dismiss, setWriting };
}
