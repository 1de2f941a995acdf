import { For, Show, createResource, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HubStatus } from '../../protocol/tab/hub-api.ts';
import { groupDigits } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { clockDuration } from '../format/duration.ts';
import { sizeText } from '../format/size.ts';
import { useHub } from '../hub/hub-context.tsx';
import { ErrorList } from './error-list.tsx';
import { StreamTable } from './stream-table.tsx';

/** How often the hub is asked how it is, ms. */
const STATUS_STEP_MS = 2000;

/** How the hub is, as it says itself: how busy, what waits where, and what went wrong. */
export function HubState(props: { pageVersion: string }): JSX.Element {
  const hub = useHub();
  const now = createNow(STATUS_STEP_MS);
  const [problem, setProblem] = createSignal<string>();
  const [status] = createResource<HubStatus | undefined, number>(now, async (_now, { value }) => {
    try {
      const told = await hub.connection.command((api) => api.status());
      setProblem(undefined);
      return told;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return value;
    }
  });
  return (
    <>
      <Show when={problem()}>
        {(text) => <p role="alert">The hub does not answer; this is what it said last. {text()}</p>}
      </Show>
      <Show when={status.latest}>{(shown) => <Told status={shown()} nowMs={now()} {...props} />}</Show>
    </>
  );
}

function Told(props: { status: HubStatus; nowMs: number; pageVersion: string }): JSX.Element {
  return (
    <>
      <Pairs class="figures" pairs={figures(props.status)} />
      <Pairs class="facts" pairs={facts(props.status, props)} />
      <StreamTable streams={props.status.streams} />
      <ErrorList errors={props.status.errors} />
    </>
  );
}

type Pair = readonly [name: string, value: string];

function figures(status: HubStatus): readonly Pair[] {
  const underWay = status.streams.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0);
  return [
    ['Events a second', groupDigits(Math.round(status.eventsPerSecond))],
    ['Events', groupDigits(status.eventsTotal)],
    ['Producers', groupDigits(status.producers)],
    ['Sources connected', `${status.connected} of ${status.sources}`],
    ['Tabs', groupDigits(status.tabs)],
    ['Batches under way', groupDigits(underWay)],
    ['Events held for order', groupDigits(status.heldEvents)],
  ];
}

function facts(status: HubStatus, { nowMs, pageVersion }: { nowMs: number; pageVersion: string }): readonly Pair[] {
  return [
    ['Role', status.isActive ? 'active: holds every connection' : 'standing by for another hub'],
    ['Running for', clockDuration(nowMs - status.startedAtMs)],
    ['Page', pageVersion],
    ['Build', status.build],
    ['Contract', `version ${status.contract}`],
    ['Storage', `${status.storage}, ${sizeText(status.cacheBytes)} of runs`],
  ];
}

function Pairs(props: { class: string; pairs: readonly Pair[] }): JSX.Element {
  return (
    <dl class={props.class}>
      <For each={props.pairs}>
        {([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}
