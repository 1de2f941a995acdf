import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router';
import { Show, createResource, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryKey, HistoryRun } from '../../protocol/tab/history-model.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import { useHub } from '../hub/hub-context.tsx';
import { historyKeyOf, runTabOf } from '../routes.ts';
import { RunPane } from '../run/run-pane.tsx';
import { whoText } from './history-words.ts';
import { DeleteButton, DeleteQuestion, PinButton } from './run-actions.tsx';
import './history.css';

/** One run of the history, in the same views as when it was live. */
export function HistoryRunPage(): JSX.Element {
  const hub = useHub();
  const params = useParams<{ source: string; producer: string; place: string }>();
  const [search] = useSearchParams<{ run?: string; tab?: string }>();
  const id = (): HistoryKey => historyKeyOf(params);
  const view = createHubView<'history'>(() => ({ view: 'history' }));
  const run = (): HistoryRun | undefined => view.data?.entities.runs[id()];
  const [opened] = createResource(
    // A hub that was started again knows nothing of what the one before it had opened.
    () => (view.data === undefined || view.data.head.storage === 'opening' ? undefined : `${id()}|${hub.state().kind}`),
    () => hub.connection.command((api) => api.openRun(id())),
  );
  return (
    <div class="history-run">
      <Show when={run()}>{(shown) => <RunBar run={shown()} />}</Show>
      <div class="history-run-body">
        <Show
          when={opened()}
          fallback={
            <p class="history-none" role="status">
              {opened.loading || view.data === undefined ? 'Reading the run …' : 'This run is not kept any more.'}
            </p>
          }
        >
          {(shown) => (
            <RunPane producer={shown().producer} run={search.run ?? shown().run} tab={runTabOf(search.tab)} />
          )}
        </Show>
      </div>
    </div>
  );
}

function RunBar(props: { run: HistoryRun }): JSX.Element {
  const navigate = useNavigate();
  const [isAsking, setAsking] = createSignal(false);
  return (
    <div class="history-bar">
      <Show
        when={!isAsking()}
        fallback={
          <DeleteQuestion run={props.run} onDone={() => navigate('/history')} onKeep={() => setAsking(false)} />
        }
      >
        <A href="/history">All runs</A>
        <span class="history-who">{whoText(props.run)}</span>
        <PinButton run={props.run} />
        <DeleteButton run={props.run} class="button button-quiet" onAsk={() => setAsking(true)}>
          Delete
        </DeleteButton>
      </Show>
    </div>
  );
}
