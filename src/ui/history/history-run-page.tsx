import { A, useNavigate, useParams, useSearchParams } from '@solidjs/router';
import { Show, createResource, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryKey, HistoryRun, OpenedRun } from '../../protocol/tab/history-model.ts';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import type { HubConnectionState } from '../hub/hub-connection.ts';
import { useHub } from '../hub/hub-context.tsx';
import type { Hub } from '../hub/hub-context.tsx';
import { historyKeyOf, runTabOf } from '../routes.ts';
import { RunPane } from '../run/run-pane.tsx';
import { whoText } from './history-words.ts';
import { DeleteButton, DeleteQuestion, PinButton } from './run-actions.tsx';
import './history.css';

const NOT_KEPT = 'This run is not kept any more.';

/** What came of opening a run: neither where it is not kept. */
interface OpenAnswer {
  readonly run?: OpenedRun | undefined;
  readonly problem?: string;
}

function isRead(head: HistoryHead | undefined): boolean {
  return head !== undefined && head.storage !== 'opening';
}

/** What is to be opened, and at which hub; while there is none the run stays as it is. */
function openingOf(id: HistoryKey, state: HubConnectionState): string | undefined {
  return state.kind === 'connected' ? `${id}|${state.hub.bootId}` : undefined;
}

async function openRun({ connection }: Hub, id: HistoryKey): Promise<OpenAnswer> {
  try {
    return { run: await connection.command((api) => api.openRun(id)) };
  } catch (error) {
    return { problem: `This run could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** One run of the history, in the same views as when it was live. */
export function HistoryRunPage(): JSX.Element {
  const hub = useHub();
  const params = useParams<{ source: string; producer: string; place: string }>();
  const [search] = useSearchParams<{ run?: string; tab?: string }>();
  const id = (): HistoryKey => historyKeyOf(params);
  const view = createHubView<'history'>(() => ({ view: 'history' }));
  const run = (): HistoryRun | undefined => view.data?.entities.runs[id()];
  // A hub that was started again knows nothing of what the one before it had opened.
  const [answer] = createResource(
    () => (isRead(view.data?.head) ? openingOf(id(), hub.state()) : undefined),
    () => openRun(hub, id()),
  );
  const opened = (): OpenedRun | undefined => answer()?.run;
  const picked = (): string | undefined => (search.run === opened()?.run ? undefined : search.run);
  return (
    <div class="history-run">
      <Show when={run()}>
        {(shown) => (
          <RunBar run={shown()} isShown={picked() === undefined} storage={view.data?.head.storage ?? 'opening'} />
        )}
      </Show>
      <div class="history-run-body">
        <Show
          when={opened()}
          fallback={
            <Show when={answer()} fallback={<AskingHub class="history-none" whileAsking="Reading the run …" />}>
              {(given) => (
                <p class="history-none" role="status">
                  {answer.loading ? 'Reading the run …' : (given().problem ?? NOT_KEPT)}
                </p>
              )}
            </Show>
          }
        >
          {(shown) => (
            <RunPane producer={shown().producer} run={picked() ?? shown().run} tab={runTabOf(search.tab)} isFixed />
          )}
        </Show>
      </div>
    </div>
  );
}

/** What can be done with the run of this address; nothing while another one of its producer is looked at. */
function RunBar(props: { run: HistoryRun; isShown: boolean; storage: HistoryHead['storage'] }): JSX.Element {
  const navigate = useNavigate();
  const [isAsking, setAsking] = createSignal(false);
  let bar: HTMLDivElement | undefined;
  /** The focus goes back to the button that asked. */
  function keep(): void {
    setAsking(false);
    queueMicrotask(() => bar?.querySelector<HTMLElement>('[data-act="delete"]')?.focus());
  }
  return (
    <div class="history-bar" ref={(element) => (bar = element)}>
      <Show
        when={!isAsking() || !props.isShown}
        fallback={<DeleteQuestion run={props.run} onDone={() => navigate('/history')} onKeep={keep} />}
      >
        <A href="/history">All runs</A>
        <span class="history-who">{whoText(props.run)}</span>
        <Show when={props.isShown}>
          <PinButton run={props.run} storage={props.storage} />
          <DeleteButton
            run={props.run}
            storage={props.storage}
            class="button button-quiet"
            onAsk={() => setAsking(true)}
          >
            Delete
          </DeleteButton>
        </Show>
      </Show>
    </div>
  );
}
