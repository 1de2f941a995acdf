import { createMemo, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { inboxOrder } from '../reviews/review-order.ts';

/** The review beside a run, and how many others wait anywhere. */
export interface ShownReview {
  readonly review: Accessor<ReviewEntity | undefined>;
  readonly pending: Accessor<number>;
  /** Puts a review away that has ended. */
  readonly dismiss: () => void;
}

/** Decided here and not yet settled: its fate is still worth a look after a reload. */
const UNDER_WAY: ReadonlySet<string> = new Set(['sending', 'sent', 'held']);

/** The review to show for a producer: the open one that ends first, else one that is under way, else the last one shown, so that its fate is seen. */
export function pickReview(
  reviews: readonly ReviewEntity[],
  producer: ProducerKey,
  lastId: string | undefined,
): ReviewEntity | undefined {
  const own = inboxOrder(reviews.filter((review) => review.producer === producer));
  const [first] = own;
  if (first?.canDecide === true) return first;
  return own.find((review) => review.id === lastId) ?? own.find((review) => UNDER_WAY.has(review.status.kind));
}

/** Which review stands beside the run of a producer. */
export function createShownReview(
  data: Accessor<ViewData<'reviews'> | undefined>,
  producer: Accessor<ProducerKey>,
): ShownReview {
  const all = createMemo(() => Object.values(data()?.entities.reviews ?? {}));
  const [dismissed, setDismissed] = createSignal<string>();
  const review = createMemo<ReviewEntity | undefined>((last) => {
    const shown = pickReview(all(), producer(), last?.id);
    return shown !== undefined && !shown.canDecide && shown.id === dismissed() ? undefined : shown;
  });
  const pending = (): number => all().filter((each) => each.canDecide && each.id !== review()?.id).length;
  return { review, pending, dismiss: () => setDismissed(review()?.id) };
}
