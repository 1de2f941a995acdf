import { useParams, useSearchParams } from '@solidjs/router';
import { Show, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { producerKey } from '../protocol/tab/keys.ts';
import type { ProducerKey } from '../protocol/tab/keys.ts';
import { AskingHub } from './hub/asking-hub.tsx';
import { createHubView } from './hub/create-hub-view.ts';
import { RosterPanel } from './roster/roster-panel.tsx';
import { runTabOf } from './routes.ts';
import { useAttention } from './shell/attention-context.tsx';
import { BrokenSources } from './sources/broken-sources.tsx';

// Who comes back has producers: the first visit alone needs this.
const EmptyState = lazy(async () => ({ default: (await import('./sources/empty-state.tsx')).EmptyState }));
const RunPane = lazy(async () => ({ default: (await import('./run/run-pane.tsx')).RunPane }));

/** The roster, and beside it the run of the producer that is picked. */
export function ProducersPage(): JSX.Element {
  const params = useParams<{ source?: string; producer?: string }>();
  const roster = createHubView<'roster'>(() => ({ view: 'roster' }));
  const attention = useAttention();
  const selected = (): ProducerKey | undefined =>
    params.source === undefined || params.producer === undefined
      ? undefined
      : producerKey(decodeURIComponent(params.source), decodeURIComponent(params.producer));
  const isEmpty = (): boolean =>
    roster.data !== undefined && Object.keys(roster.data.entities.producers).length === 0 && selected() === undefined;

  return (
    <Show when={attention.head()?.ready === true && roster.data} fallback={<AskingHub class="hint" whileAsking="" />}>
      {(data) => (
        <Show when={!isEmpty()} fallback={<EmptyState sources={attention.sources()} />}>
          <div class="producers" data-detail={selected() !== undefined}>
            <aside class="producers-side" aria-label="Roster">
              <BrokenSources sources={attention.sources()} />
              <RosterPanel roster={data()} selected={selected()} />
            </aside>
            <div class="producers-main">
              <Show when={selected()} fallback={<NothingPicked />}>
                {(producer) => <PickedRun producer={producer()} />}
              </Show>
            </div>
          </div>
        </Show>
      )}
    </Show>
  );
}

function NothingPicked(): JSX.Element {
  return (
    <div class="hint">
      <h1>Producers</h1>
      <p>Pick one to see its run.</p>
    </div>
  );
}

function PickedRun(props: { producer: ProducerKey }): JSX.Element {
  const [search] = useSearchParams<{ run?: string; tab?: string }>();
  const run = (): string | undefined => (typeof search.run === 'string' ? search.run : undefined);
  return <RunPane producer={props.producer} run={run()} tab={runTabOf(search.tab)} />;
}
