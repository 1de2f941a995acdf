import { For, Show, createResource, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { DEFAULT_KEEP_LIMITS, HIGHEST_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import { countOf } from '../format/count.ts';
import { droppedText, useText } from '../history/history-words.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import { useHub } from '../hub/hub-context.tsx';
import { type KeepingStorage, StoragePromise } from './storage-promise.tsx';
import './storage-settings.css';

const FIELDS: readonly { name: keyof KeepLimits; text: string }[] = [
  { name: 'maxMegabytes', text: 'Storage, MB' },
  { name: 'maxDays', text: 'Days after the last event' },
  { name: 'maxRuns', text: 'Runs of one producer' },
  { name: 'maxProducers', text: 'Producers that are not connected' },
  { name: 'maxIterations', text: 'Iterations of a conversation' },
  { name: 'idleMinutes', text: 'Minutes of silence until a producer leaves the roster' },
];

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

function LimitFields(): JSX.Element {
  const hub = useHub();
  const [settings, { mutate }] = createResource(() => hub.order((api) => api.settings()));
  async function change(name: keyof KeepLimits, value: number): Promise<void> {
    if (!Number.isSafeInteger(value)) return;
    const saved = await hub.order((api) => api.saveSettings({ limits: { [name]: value } }));
    if (saved !== undefined) mutate(saved);
  }
  return (
    <fieldset class="storage-limits">
      <legend>Keep at most</legend>
      <For each={FIELDS}>
        {({ name, text }) => (
          <label>
            <span>{text}</span>
            <input
              type="number"
              min="1"
              max={HIGHEST_KEEP_LIMITS[name]}
              step="1"
              value={settings.latest?.limits?.[name] ?? DEFAULT_KEEP_LIMITS[name]}
              onChange={(event) => void change(name, event.currentTarget.valueAsNumber)}
              // A browser steps a field that has the focus when the page is scrolled over it, and each step deletes runs.
              onWheel={(event) => event.currentTarget.blur()}
            />
          </label>
        )}
      </For>
      <p class="storage-note">Pinned runs are exempt. A change holds at once, for what is kept already, too.</p>
    </fieldset>
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
