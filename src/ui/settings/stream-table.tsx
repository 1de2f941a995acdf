import { Index, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { StreamStatus } from '../../protocol/tab/hub-api.ts';
import { countOf } from '../format/count.ts';

const STATES: Record<StreamStatus['state'], string> = {
  live: 'up to date',
  behind: 'behind: gets a fresh snapshot once the tab answers',
  hidden: 'hidden: gets a fresh snapshot when it is shown',
};

/** What is under way to each view of each tab, folded: a tab that does not keep up is found here. */
export function StreamTable(props: { streams: readonly StreamStatus[] }): JSX.Element {
  const behind = (): number => props.streams.filter(({ state }) => state === 'behind').length;
  return (
    <details class="streams">
      <summary>
        {countOf(props.streams.length, 'stream')} to tabs
        <Show when={behind() > 0}>, {behind()} behind</Show>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Tab</th>
            <th scope="col">View</th>
            <th scope="col">Unacknowledged</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          <Index each={props.streams}>
            {(stream) => (
              <tr>
                <td>{stream().tab}</td>
                <td>{stream().view}</td>
                <td>{stream().unacknowledged}</td>
                <td>{STATES[stream().state]}</td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </details>
  );
}
