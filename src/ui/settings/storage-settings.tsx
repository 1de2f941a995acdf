import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { countOf } from '../format/count.ts';
import { droppedText, useText } from '../history/history-words.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import { useHub } from '../hub/hub-context.tsx';
import { LimitFields } from './limit-fields.tsx';
import { type KeepingStorage, StoragePromise } from './storage-promise.tsx';
import './storage-settings.css';

/** What the history takes, its limits, and a way to clear it. */
export function StorageSettings(): JSX.Element {
  const view = createHubView<'history'>(() => ({ view: 'history' }));
  return (
    <Show when={view.data}>
      {(data) => (
        <div class="storage">
          <StorageUse head={data().head} />
          <Show when={data().head.storage !== 'memory'}>
            <StoragePromise storage={browserStorage()} />
          </Show>
          <LimitFields />
          <ClearHistory runs={Object.values(data().entities.runs)} storage={data().head.storage} />
        </div>
      )}
    </Show>
  );
}

/** Undefined in browsers that promise nothing. */
function browserStorage(): KeepingStorage | undefined {
  return 'storage' in navigator && 'persist' in navigator.storage ? navigator.storage : undefined;
}

function StorageUse(props: { head: HistoryHead }): JSX.Element {
  return (
    <>
      <p id="storage-use">{useText(props.head)}</p>
      <meter
        class="storage-bar"
        aria-labelledby="storage-use"
        min="0"
        max={Math.max(1, props.head.limitBytes)}
        value={props.head.bytes}
      />
      <Show when={props.head.storage === 'memory'}>
        <p>The storage of this page does not work: everything is kept only until the last tab is closed.</p>
      </Show>
      <Show when={droppedText(props.head.dropped)}>{(text) => <p class="storage-note">{text()}</p>}</Show>
    </>
  );
}

interface ClearProps {
  runs: readonly HistoryRun[];
  storage: HistoryHead['storage'];
}

function ClearHistory(props: ClearProps): JSX.Element {
  const hub = useHub();
  const [isAsking, setAsking] = createSignal(false);
  const [withPinned, setWithPinned] = createSignal(false);
  const over = (): HistoryRun[] => props.runs.filter(({ isOpen }) => !isOpen);
  const going = (): HistoryRun[] => over().filter(({ isPinned }) => withPinned() || !isPinned);
  let button: HTMLButtonElement | undefined;
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave();
  };
  function clear(): void {
    const ids = going().map(({ id }) => id);
    void hub.order((api) => api.deleteRuns(ids));
    leave();
  }
  /** The focus goes back to the button that asked. */
  function leave(): void {
    setAsking(false);
    setWithPinned(false);
    queueMicrotask(() => button?.focus());
  }
  return (
    <Show
      when={isAsking()}
      fallback={
        <button
          type="button"
          class="button"
          disabled={over().length === 0 || props.storage === 'memory'}
          ref={(element) => (button = element)}
          onClick={() => setAsking(true)}
        >
          Clear the history
        </button>
      }
    >
      <div class="storage-question" role="alertdialog" aria-label="Clear the history?">
        <p>
          This deletes {countOf(going().length, 'run')} for good. Sources, settings, and runs that may still go on stay.
        </p>
        <Show when={over().some(({ isPinned }) => isPinned)}>
          <label class="storage-pinned">
            <input type="checkbox" onChange={(event) => setWithPinned(event.currentTarget.checked)} />
            Pinned runs too
          </label>
        </Show>
        <div class="storage-answers">
          <button
            type="button"
            class="button"
            ref={(keep) => queueMicrotask(() => keep.focus())}
            onClick={leave}
            onKeyDown={escape}
          >
            Keep
          </button>
          <button type="button" class="button button-danger" onClick={clear} onKeyDown={escape}>
            Delete
          </button>
        </div>
      </div>
    </Show>
  );
}
