import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { sourceReasonText } from './source-words.ts';

/** A command-line option with its value, which ends a sentence. */
const OPTION = /--[a-z-]+ \S+$/;

/** Why a source is not connected; an option that would help stands out, to be copied as it is. */
export function SourceReason(props: { state: SourceState }): JSX.Element {
  const text = (): string => sourceReasonText(props.state);
  const option = (): string | undefined => OPTION.exec(text())?.[0];
  return (
    <p class="source-reason">
      {text().replace(OPTION, '')}
      <Show when={option()}>{(shown) => <code class="source-option">{shown()}</code>}</Show>
    </p>
  );
}
