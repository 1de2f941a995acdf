import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HubStatus } from '../../protocol/tab/hub-api.ts';
import { wallTime } from '../format/wall-time.ts';

/** The hub's last errors, the newest first, each with its time of day. */
export function ErrorList(props: { errors: HubStatus['errors'] }): JSX.Element {
  return (
    <div class="errors">
      <h3>Last errors</h3>
      <Show when={props.errors.length > 0} fallback={<p>None since the hub began.</p>}>
        <ol>
          <For each={[...props.errors].reverse()}>
            {({ atMs, text }) => (
              <li>
                <time dateTime={new Date(atMs).toISOString()}>{wallTime(atMs, Date.now())}</time>
                <span>{text}</span>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </div>
  );
}
