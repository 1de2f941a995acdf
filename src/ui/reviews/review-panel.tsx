import { Show, createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import type { DecisionWord, ReviewEntity } from '../../protocol/tab/review-model.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { createNow } from '../format/create-now.ts';
import { clockDuration } from '../format/duration.ts';
import { useHub } from '../hub/hub-context.tsx';
import { DraftStore } from './draft-store.ts';
import { createReviewKeys } from './create-review-keys.ts';
import { remainingShare, statusExplanation, statusText, timerText, timingText } from './review-words.ts';
import './reviews.css';

/** One review: what is asked, what the agent made, and the buttons, whose place agent output cannot reach. */
export function ReviewPanel(props: { review: ReviewEntity; pending: number; place?: string }): JSX.Element {
  const hub = useHub();
  const drafts = new DraftStore(localStorage);
  const [isEditing, setEditing] = createSignal(false);
  const [draft, setDraft] = createSignal('');
  const [problem, setProblem] = createSignal<string>();

  createEffect(
    on(
      () => props.review.id,
      (id) => {
        const kept = drafts.read(id);
        setDraft(kept ?? props.review.output.text);
        setEditing(kept !== undefined && props.review.canDecide);
        setProblem(undefined);
      },
    ),
  );

  function write(text: string): void {
    setDraft(text);
    drafts.write(props.review.id, text);
  }

  async function edit(): Promise<void> {
    const { ref } = props.review.output;
    if (drafts.read(props.review.id) === undefined && ref !== undefined) {
      setDraft((await hub.connection.command((api) => api.read(props.review.producer, ref))) ?? draft());
    }
    setEditing(true);
  }

  function stopEditing(): void {
    drafts.forget(props.review.id);
    setDraft(props.review.output.text);
    setEditing(false);
  }

  async function decide(decision: DecisionWord): Promise<void> {
    const { id } = props.review;
    const revised = decision === 'EDIT' ? { revisedOutput: draft() } : {};
    const result = await hub.connection
      .command((api) => api.decide({ review: id, decision, ...revised }))
      .catch((error: Error) => ({ ok: false, error }) as const);
    setProblem(result.ok ? undefined : result.error.message);
    if (!result.ok) return;
    drafts.forget(id);
    setEditing(false);
  }

  createReviewKeys(() =>
    props.review.canDecide && !isEditing()
      ? { a: () => void decide('CONTINUE'), e: () => void edit(), x: () => void decide('EXIT_EARLY') }
      : {},
  );

  return (
    <section class="review" aria-label="Review">
      <ReviewHeader review={props.review} pending={props.pending} place={props.place} />
      <ReviewFacts review={props.review} />
      <div class="review-output">
        <Show when={isEditing()} fallback={<ReviewOutput review={props.review} />}>
          <label class="review-edit">
            <span>Revised output</span>
            <textarea
              aria-label="Revised output"
              value={draft()}
              ref={(field) => queueMicrotask(() => field.focus())}
              onInput={(event) => write(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Escape' && stopEditing()}
            />
          </label>
        </Show>
      </div>
      <ReviewActions
        review={props.review}
        isEditing={isEditing()}
        problem={problem()}
        onDecide={(decision) => void decide(decision)}
        onEdit={() => void edit()}
        onCancel={stopEditing}
      />
    </section>
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
  isEditing: boolean;
  problem: string | undefined;
  onDecide: (decision: DecisionWord) => void;
  onEdit: () => void;
  onCancel: () => void;
}

function ReviewActions(props: ActionProps): JSX.Element {
  return (
    <footer class="review-acts">
      <Show when={props.review.canDecide}>
        <Show
          when={props.isEditing}
          fallback={
            <div class="review-buttons">
              <button type="button" class="button button-primary" onClick={() => props.onDecide('CONTINUE')}>
                Approve <kbd aria-hidden="true">A</kbd>
              </button>
              <button type="button" class="button" onClick={() => props.onEdit()}>
                Edit <kbd aria-hidden="true">E</kbd>
              </button>
              <button type="button" class="button" onClick={() => props.onDecide('EXIT_EARLY')}>
                Exit early <kbd aria-hidden="true">X</kbd>
              </button>
            </div>
          }
        >
          <div class="review-buttons">
            <button type="button" class="button button-primary" onClick={() => props.onDecide('EDIT')}>
              Submit
            </button>
            <button type="button" class="button" onClick={() => props.onCancel()}>
              Discard changes
            </button>
          </div>
        </Show>
      </Show>
      <p class="review-status" role="status" data-kind={props.review.status.kind}>
        {statusText(props.review.status)}
      </p>
      <p class="review-note">{props.problem ?? statusExplanation(props.review)}</p>
    </footer>
  );
}
