import { useSearchParams } from '@solidjs/router';
import { Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead } from '../../protocol/tab/history-model.ts';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import { HistoryList } from './history-list.tsx';
import { historyRows } from './history-rows.ts';
import { droppedText, useText } from './history-words.ts';
import './history.css';

/** Every run that this browser keeps, also those of producers that are gone. */
export function HistoryPage(): JSX.Element {
  const view = createHubView<'history'>(() => ({ view: 'history' }));
  const [search, setSearch] = useSearchParams<{ filter?: string }>();
  const filter = (): string => (typeof search.filter === 'string' ? search.filter : '');
  const rows = createMemo(() => historyRows(Object.values(view.data?.entities.runs ?? {}), filter()));
  return (
    <Show when={view.data} fallback={<AskingHub class="history-none" />}>
      {(data) => (
        <div class="history">
          <header class="history-top">
            <h1>History</h1>
            <p class="history-use">{useText(data().head)}</p>
            <input
              type="search"
              class="history-find"
              aria-label="Filter runs"
              placeholder="Filter: task, service, producer, state, pinned"
              value={filter()}
              onInput={(event) => setSearch({ filter: event.currentTarget.value || undefined }, { replace: true })}
            />
          </header>
          <HistoryNotes head={data().head} />
          <Show when={rows().length > 0} fallback={<NoRun head={data().head} isFiltered={filter() !== ''} />}>
            <HistoryList runs={rows()} storage={data().head.storage} />
          </Show>
        </div>
      )}
    </Show>
  );
}

/** What a person must know of the history besides its lines. */
function HistoryNotes(props: { head: HistoryHead }): JSX.Element {
  const texts = (): string[] => [
    ...(props.head.storage === 'memory'
      ? [
          'The storage of this page does not work: what happens now is not added to the history, and nothing can be pinned or deleted.',
        ]
      : []),
    ...(props.head.damaged > 0 ? [`${props.head.damaged} of its records could not be read and are left out.`] : []),
    droppedText(props.head.dropped),
  ];
  return (
    <Show when={texts().some((text) => text !== '')}>
      <p class="history-notes">
        {texts()
          .filter((text) => text !== '')
          .join(' ')}
      </p>
    </Show>
  );
}

function NoRun(props: { head: HistoryHead; isFiltered: boolean }): JSX.Element {
  const text = (): string => {
    if (props.isFiltered && props.head.runs > 0) return 'No run matches.';
    if (props.head.storage === 'memory') return 'No run is kept.';
    return 'No run is kept yet. Every run of a connected producer is, as it happens; it stays here when its process, its relay and this browser have gone.';
  };
  return (
    <p class="history-none" role="status">
      {text()}
    </p>
  );
}
