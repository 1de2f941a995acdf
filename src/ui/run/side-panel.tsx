import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ProducerKey, ReviewKey } from '../../protocol/tab/keys.ts';
import type { ReviewEntity } from '../../protocol/tab/review-model.ts';
import type { TaskEntity } from '../../protocol/tab/run-model.ts';
import { ReviewPanel } from '../reviews/review-panel.tsx';
import type { TaskBlock } from '../timeline/lane.ts';
import { TaskDetails } from './task-details.tsx';

/** What stands beside a run. */
export interface SidePanelProps {
  /** The task to show instead of the review. */
  readonly task: TaskEntity | undefined;
  readonly block: TaskBlock | undefined;
  readonly review: ReviewEntity | undefined;
  readonly pending: number;
  readonly isOpen: (review: ReviewKey) => boolean;
  readonly producer: ProducerKey;
  readonly startedAtMs: number | undefined;
  readonly onClose: () => void;
  readonly onDismiss: () => void;
  readonly onWriting: (isWriting: boolean) => void;
}

/** The review that waits, or the task that was picked; nothing, and no room taken, where there is neither. */
export function SidePanel(props: SidePanelProps): JSX.Element {
  return (
    <Switch>
      <Match when={props.task}>
        {(task) => (
          <aside class="run-side" aria-label="Task">
            <Show when={props.review?.canDecide}>
              <button type="button" class="side-review" onClick={() => props.onClose()}>
                A review waits for you · <b>show it</b>
              </button>
            </Show>
            <TaskDetails
              task={task()}
              block={props.block}
              producer={props.producer}
              startedAtMs={props.startedAtMs}
              onClose={() => props.onClose()}
            />
          </aside>
        )}
      </Match>
      <Match when={props.review}>
        {(review) => (
          <div class="run-side" data-review="true">
            <Show when={!review().canDecide}>
              <button type="button" class="side-ended" onClick={() => props.onDismiss()}>
                Nothing is left to decide here · <b>close</b>
              </button>
            </Show>
            <ReviewPanel
              review={review()}
              pending={props.pending}
              isOpen={(id) => props.isOpen(id)}
              onWriting={(is) => props.onWriting(is)}
            />
          </div>
        )}
      </Match>
    </Switch>
  );
}
