import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ToolRequest } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { JsonBody } from '../tools/json-body.tsx';

/** The tools that an answer asks for, each with its arguments. */
export function ToolRequests(props: { requests: readonly ToolRequest[]; producer: ProducerKey }): JSX.Element {
  return (
    <For each={props.requests}>
      {(request) => (
        <div class="card-tool">
          <span class="card-tool-name">
            <i aria-hidden="true" />
            asks for {request.name}
          </span>
          <JsonBody body={request.arguments} producer={props.producer} />
        </div>
      )}
    </For>
  );
}
