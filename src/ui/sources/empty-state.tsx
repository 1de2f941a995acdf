import { useNavigate } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { producerKey, SELF_PRODUCER_ID } from '../../protocol/tab/keys.ts';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { useHub } from '../hub/hub-context.tsx';
import { producerPath } from '../routes.ts';
import { AddressForm } from './address-form.tsx';
import { SourceList } from './source-list.tsx';

/** What the page says before the first producer: where to connect, how to see it work without anything, and how a process gets here. */
export function EmptyState(props: { sources: readonly SourceEntity[] }): JSX.Element {
  const hub = useHub();
  const navigate = useNavigate();

  async function runDemo(): Promise<void> {
    const demo = await hub.order((api) => api.runDemo());
    if (demo !== undefined) navigate(producerPath(producerKey(demo.sourceId, SELF_PRODUCER_ID)));
  }

  return (
    <div class="empty">
      <h1>No process has reported yet</h1>
      <p class="empty-lead">
        Rostrum shows what every agent process is doing, and which one waits for you. Name the address of one, or of a
        relay that many publish to.
      </p>
      <AddressForm />
      <div class="empty-demo">
        <button type="button" class="button" onClick={() => void runDemo()}>
          Run the demo
        </button>
        <span>A small ensemble that runs inside this page and asks you for one decision.</span>
      </div>
      <Show when={props.sources.length > 0}>
        <section class="empty-section">
          <h2>Sources</h2>
          <SourceList sources={props.sources} />
        </section>
      </Show>
      <section class="empty-section">
        <h2>From a JVM</h2>
        <p>
          An AgentEnsemble process with a dashboard of its own listens at <code>localhost:7329</code>: type that above.
          One that publishes needs the relay's address, for example <code>{relayAddress()}</code>, as its hub.
        </p>
      </section>
    </div>
  );
}

function relayAddress(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ingress`;
}
