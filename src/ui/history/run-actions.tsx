import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { useHub } from '../hub/hub-context.tsx';
import { undeletableText, unchangeableText } from './history-words.ts';

/** Keeps a run from being let go, or ends that. */
export function PinButton(props: { run: HistoryRun; storage: HistoryHead['storage'] }): JSX.Element {
  const hub = useHub();
  const why = (): string => unchangeableText(props.storage);
  function toggle(): void {
    if (why() !== '') return;
    const { id, isPinned } = props.run;
    void hub.order((api) => api.pinRun(id, !isPinned));
  }
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Pin run: ${props.run.title}`}
      aria-pressed={props.run.isPinned}
      aria-disabled={why() !== ''}
      title={why() || (props.run.isPinned ? 'Pinned: kept until you unpin it' : 'Pin: keep it')}
      onClick={toggle}
    >
      <svg
        viewBox="0 0 14 14"
        width="14"
        height="14"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        aria-hidden="true"
      >
        <path
          d="M5 1.7h4M5.5 1.7v4L3.6 8.2h6.8L8.5 5.7v-4M7 8.2v4.2"
          fill={props.run.isPinned ? 'currentColor' : 'none'}
          stroke-linejoin="round"
        />
      </svg>
    </button>
  );
}

/** Begins to delete a run; where that cannot be, it stays in reach and says why. */
export function DeleteButton(props: {
  run: HistoryRun;
  storage: HistoryHead['storage'];
  class: string;
  label?: string;
  onAsk: () => void;
  children: JSX.Element;
}): JSX.Element {
  const why = (): string => undeletableText(props.run, props.storage);
  return (
    <button
      type="button"
      class={props.class}
      data-act="delete"
      aria-label={props.label}
      aria-disabled={why() !== ''}
      title={why() || 'Delete'}
      onClick={() => why() === '' && props.onAsk()}
    >
      {props.children}
    </button>
  );
}

/** A waste bin. */
export function TrashIcon(): JSX.Element {
  return (
    <svg
      viewBox="0 0 14 14"
      width="14"
      height="14"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      aria-hidden="true"
    >
      <path d="M2 3.7h10M5.3 3.7V2h3.4v1.700M3.3 3.7l.6 8.300h6.200l.6-8.300" stroke-linejoin="round" />
    </svg>
  );
}

/** Asks before a run is deleted: nothing brings it back. */
export function DeleteQuestion(props: { run: HistoryRun; onDone: () => void; onKeep: () => void }): JSX.Element {
  const hub = useHub();
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') props.onKeep();
  };
  function remove(): void {
    const ids = [props.run.id];
    void hub.order((api) => api.deleteRuns(ids));
    props.onDone();
  }
  return (
    <div class="delete-question" role="alertdialog" aria-label={`Delete run: ${props.run.title}?`}>
      <p>
        Delete <b>{props.run.title}</b> for good?
      </p>
      <button
        type="button"
        class="button"
        ref={(button) => queueMicrotask(() => button.focus())}
        onClick={() => props.onKeep()}
        onKeyDown={leave}
      >
        Keep
      </button>
      <button type="button" class="button button-danger" onClick={remove} onKeyDown={leave}>
        Delete
      </button>
    </div>
  );
}
