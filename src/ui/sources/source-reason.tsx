import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { sourceReasonText } from './source-words.ts';

/** Why a source is not connected, and the option to start its server with where that would help. */
export function SourceReason(props: { state: SourceState }): JSX.Element {
  const option = (): string | undefined => ('reason' in props.state ? props.state.reason.option : undefined);
  return (
    <p class="source-reason">
      {sourceReasonText(props.state)}
      <Show when={option()}>{(text) => <code class="source-option">{text()}</code>}</Show>
    </p>
  );
}
