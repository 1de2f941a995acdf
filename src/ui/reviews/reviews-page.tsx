import { A, useSearchParams } from '@solidjs/router';
import { Show, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { splitProducerKey } from '../../protocol/tab/keys.ts';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import { createNow } from '../format/create-now.ts';
import { clockCountdown } from '../format/duration.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import { createPageKeys } from '../keys/create-page-keys.ts';
import { EachById } from '../lists/each-by-id.tsx';
import { producerPath } from '../routes.ts';
import { inboxOrder } from './review-order.ts';
import { ReviewPanel } from './review-panel.tsx';
import { isUnsettled, statusText } from './review-words.ts';

/** The inbox: every review of every source, what ends soonest first. */
export function ReviewsPage(): JSX.Element {
  const view = createHubView<'reviews'>(() => ({ view: 'reviews' }));
  const [search, setSearch] = useSearchParams<{ review?: string }>();
  const reviews = createMemo(() => inboxOrder(Object.values(view.data?.entities.reviews ?? {})));
  const [isWriting, setWriting] = createSignal(false);
  const find = (id: string | undefined): ReviewEntity | undefined => reviews().find((review) => review.id === id);
  /** One that somebody is about to answer makes no room for a more urgent one. */
  const shown = createMemo<ReviewEntity | undefined>((last) => {
    const before = find(last?.id);
    const stays = before !== undefined && (before.canDecide || isWriting());
    return find(search.review) ?? (stays ? before : reviews()[0]);
  });
  const open = createMemo(() => reviews().filter((review) => review.canDecide));
  const ended = createMemo(() => reviews().filter((review) => !review.canDecide));
  const pick = (id: string): void => setSearch({ review: id }, { replace: true });
  let list: HTMLElement | undefined;
  /** Goes to the review that stands so many lines further down. */
  function step(by: number): void {
    const lines = [...open(), ...ended()].map(({ id }) => id);
    const next = lines[lines.indexOf(shown()?.id ?? '') + by];
    if (next === undefined) return;
    pick(next);
    queueMicrotask(() => list?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' }));
  }
  createPageKeys(() => ({ j: () => step(1), k: () => step(-1) }));

  return (
    <Show
      when={reviews().length > 0}
      fallback={
        <Show when={view.data !== undefined} fallback={<AskingHub class="inbox-none" />}>
          <div class="hint">
            <h1>Reviews</h1>
            <p role="status">No process waits for you.</p>
          </div>
        </Show>
      }
    >
      <div class="inbox">
        <nav class="inbox-list" aria-label="All reviews" ref={(element) => (list = element)}>
          <h1 class="visually-hidden">Reviews</h1>
          <InboxSection name="Open" reviews={open()} shown={shown()?.id} onPick={pick} />
          <InboxSection name="Ended" reviews={ended()} shown={shown()?.id} onPick={pick} />
          <Show when={reviews().length > 1}>
            <p class="inbox-keys">
              <kbd>J</kbd> next <kbd>K</kbd> previous
            </p>
          </Show>
        </nav>
        <Show when={shown()}>
          {(review) => (
            <div class="inbox-detail">
              <A class="inbox-origin" href={runPath(review())}>
                <b>{splitProducerKey(review().producer).producerId}</b> {review().serviceName ?? ''} · show its run
              </A>
              <ReviewPanel
                review={review()}
                isOpen={(id) => isUnsettled(find(id))}
                pending={open().filter(({ id }) => id !== review().id).length}
                onWriting={setWriting}
              />
            </div>
          )}
        </Show>
      </div>
    </Show>
  );
}

/** One that is open is of the newest run, which goes on; where it has ended there may be another one by now. */
function runPath({ producer, run, canDecide }: ReviewEntity): string {
  return producerPath(producer, canDecide ? {} : { run });
}

interface SectionProps {
  name: string;
  reviews: readonly ReviewEntity[];
  shown: string | undefined;
  onPick: (id: string) => void;
}

function InboxSection(props: SectionProps): JSX.Element {
  const now = createNow();
  return (
    <Show when={props.reviews.length > 0}>
      <h2>{props.name}</h2>
      <ul>
        <EachById items={props.reviews}>
          {(review) => (
            <li>
              <button
                type="button"
                class="inbox-line"
                data-open={review().canDecide}
                aria-current={props.shown === review().id}
                onClick={() => props.onPick(review().id)}
              >
                <StateGlyph state={review().canDecide ? 'waiting' : 'idle'} />
                <b>{review().taskDescription}</b>
                <span class="inbox-when">{whenText(review(), now())}</span>
                <span class="inbox-what">
                  <bdi>{splitProducerKey(review().producer).producerId}</bdi>
                  <Show when={review().prompt}>
                    {' '}
                    · <bdi>{review().prompt}</bdi>
                  </Show>
                </span>
              </button>
            </li>
          )}
        </EachById>
      </ul>
    </Show>
  );
}

function whenText(review: ReviewEntity, nowMs: number): string {
  if (review.status.kind !== 'open') return statusText(review.status);
  return review.deadlineMs === undefined ? 'no limit' : clockCountdown(review.deadlineMs - nowMs);
}
