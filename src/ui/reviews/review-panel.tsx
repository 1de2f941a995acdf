import { Match, Show, Switch, createComputed, createEffect, on, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ReviewKey } from '../../protocol/tab/keys.ts';
import type { DecisionWord, ReviewEntity } from '../../protocol/tab/review-model.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { isRightToLeft } from '../bodies/text-blocks.ts';
import { createNow } from '../format/create-now.ts';
import { clockDuration } from '../format/duration.ts';
import { createAnswering } from './create-answering.ts';
import type { Answering } from './create-answering.ts';
import { createPageKeys } from '../keys/create-page-keys.ts';
import {
  endedDraftText,
  isUnderWay,
  remainingShare,
  statusExplanation,
  statusText,
  timerText,
  timingText,
} from './review-words.ts';
import './reviews.css';

/** How long a review that took the place of another one takes no decision, ms: what is pressed by then was meant for the other. */
const SETTLE_MS = 400;

interface PanelProps {
  review: ReviewEntity;
  pending: number;
  /** Whether a review is one that may still be answered. */
  isOpen: (review: ReviewKey) => boolean;
  place?: string;
  /** Told whether somebody writes, so that nothing takes the place of this review meanwhile. */
  onWriting?: (isWriting: boolean) => void;
}

/** One review: what is asked, what the agent made, and the buttons, whose place agent output cannot reach. */
export function ReviewPanel(props: PanelProps): JSX.Element {
  const follow: Following = { isNext: false, hadFocus: false };
  return (
    <Show when={props.review.id} keyed>
      <OneReview {...props} follow={follow} />
    </Show>
  );
}

/** What a review has to know of the one that was shown in its place before. */
interface Following {
  isNext: boolean;
  hadFocus: boolean;
}

function OneReview(props: PanelProps & { follow: Following }): JSX.Element {
  const answering = createAnswering(
    () => props.review,
    (review) => props.isOpen(review),
  );
  const readableAtMs = props.follow.isNext ? performance.now() + SETTLE_MS : 0;
  let section: HTMLElement | undefined;
  const hasFocus = (): boolean => section?.contains(document.activeElement) === true;
  const takeFocus = (): void => queueMicrotask(() => hasFocus() || section?.focus());

  function decide(decision: DecisionWord): void {
    if (performance.now() >= readableAtMs) void answering.decide(decision);
  }

  if (props.follow.hadFocus) takeFocus();
  // Before the buttons or the field that have it are gone.
  createComputed(
    on(
      () => [props.review.canDecide, answering.isEditing()],
      () => hasFocus() && takeFocus(),
    ),
  );
  createEffect(() => props.onWriting?.(answering.isEditing()));
  onCleanup(() => {
    Object.assign(props.follow, { isNext: true, hadFocus: hasFocus() });
    props.onWriting?.(false);
  });
  createPageKeys(() =>
    props.review.canDecide && !answering.isEditing()
      ? { a: () => decide('CONTINUE'), e: () => void answering.edit(), x: () => decide('EXIT_EARLY') }
      : {},
  );

  return (
    <section class="review" aria-label="Review" tabIndex={-1} ref={(element) => (section = element)}>
      <ReviewHeader review={props.review} pending={props.pending} place={props.place} />
      <ReviewFacts review={props.review} />
      <div class="review-output">
        <Show when={answering.isEditing()} fallback={<ReviewOutput review={props.review} />}>
          <RevisedOutput answering={answering} />
        </Show>
      </div>
      <ReviewActions review={props.review} answering={answering} onDecide={decide} />
    </section>
  );
}

function RevisedOutput(props: { answering: Answering }): JSX.Element {
  /** A browser begins at the end, which of a long output is far from what was read. */
  function enter(field: HTMLTextAreaElement): void {
    if (!props.answering.isWritten()) field.setSelectionRange(0, 0);
    field.focus();
  }
  return (
    <label class="review-edit">
      <span>Revised output</span>
      <textarea
        aria-label="Revised output"
        data-bidi={isRightToLeft(props.answering.draft())}
        value={props.answering.draft()}
        ref={(field) => props.answering.wasAskedFor() && queueMicrotask(() => enter(field))}
        onInput={(event) => props.answering.write(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && props.answering.stopEditing()}
      />
    </label>
  );
}

function ReviewHeader(props: { review: ReviewEntity; pending: number; place?: string | undefined }): JSX.Element {
  const now = createNow();
  const isOpen = (): boolean => props.review.status.kind === 'open';
  const share = (): number | undefined => (isOpen() ? remainingShare(props.review, now()) : undefined);
  return (
    <>
      <header class="review-head">
        <h2>{props.place ?? 'Review'}</h2>
        <Show when={props.pending > 0}>
          <span class="review-pending">+{props.pending} pending</span>
        </Show>
        <Show when={isOpen()}>
          <span class="review-timer" role="timer">
            {timerText(props.review, now())}
          </span>
        </Show>
      </header>
      <div class="review-countdown" aria-hidden="true">
        <Show when={share() !== undefined}>
          <i style={{ width: `${(share() ?? 0) * 100}%` }} />
        </Show>
      </div>
    </>
  );
}

function ReviewFacts(props: { review: ReviewEntity }): JSX.Element {
  const now = createNow();
  return (
    <dl class="review-facts">
      <dt>Task</dt>
      <dd>{props.review.taskDescription}</dd>
      <Show when={props.review.agentRole}>
        <dt>Agent</dt>
        <dd>{props.review.agentRole}</dd>
      </Show>
      <Show when={props.review.prompt}>
        <dt>Asks</dt>
        <dd>{props.review.prompt}</dd>
      </Show>
      <dt>When</dt>
      <dd>
        {timingText(props.review.timing)}
        <Show when={props.review.status.kind === 'open'}>
          , waiting {clockDuration(now() - props.review.requestedAtMs)}
        </Show>
      </dd>
      <Show when={props.review.requiredRole}>
        <dt>For</dt>
        <dd>somebody with the role {props.review.requiredRole}</dd>
      </Show>
    </dl>
  );
}

function ReviewOutput(props: { review: ReviewEntity }): JSX.Element {
  return (
    <Show
      when={props.review.output.totalChars > 0}
      fallback={<p class="review-none">Nothing has been made yet: the task has not run.</p>}
    >
      <BodyText body={props.review.output} producer={props.review.producer} />
    </Show>
  );
}

interface ActionProps {
  review: ReviewEntity;
  answering: Answering;
  onDecide: (decision: DecisionWord) => void;
}

function ReviewActions(props: ActionProps): JSX.Element {
  const isEditing = (): boolean => props.answering.isEditing();
  const note = (): string =>
    isEditing() && !props.review.canDecide ? endedDraftText(props.review.status) : statusExplanation(props.review);
  return (
    <footer class="review-acts">
      <ReviewButtons {...props} />
      <p class="review-status" role="status" data-kind={props.review.status.kind}>
        {statusText(props.review.status)}
      </p>
      <Show when={props.answering.problem()} fallback={<p class="review-note">{note()}</p>}>
        {(problem) => (
          <p class="review-note" role="alert">
            {problem()}
          </p>
        )}
      </Show>
    </footer>
  );
}

function ReviewButtons(props: ActionProps): JSX.Element {
  const canShow = (): boolean => props.answering.isWritten() && !isUnderWay(props.review.status);
  return (
    <Switch>
      <Match when={props.answering.isEditing()}>
        <div class="review-buttons">
          <Show when={props.review.canDecide}>
            <button type="button" class="button button-primary" onClick={() => props.onDecide('EDIT')}>
              Submit
            </button>
          </Show>
          <button type="button" class="button" onClick={() => props.answering.discard()}>
            Discard changes
          </button>
        </div>
      </Match>
      <Match when={props.review.canDecide}>
        <div class="review-buttons">
          <button type="button" class="button button-primary" onClick={() => props.onDecide('CONTINUE')}>
            Approve <kbd aria-hidden="true">A</kbd>
          </button>
          <button type="button" class="button" onClick={() => void props.answering.edit()}>
            Edit <kbd aria-hidden="true">E</kbd>
          </button>
          <button type="button" class="button" onClick={() => props.onDecide('EXIT_EARLY')}>
            Exit early <kbd aria-hidden="true">X</kbd>
          </button>
        </div>
      </Match>
      <Match when={canShow()}>
        <div class="review-buttons">
          <button type="button" class="button" onClick={() => void props.answering.edit()}>
            Show what you wrote
          </button>
        </div>
      </Match>
    </Switch>
  );
}
