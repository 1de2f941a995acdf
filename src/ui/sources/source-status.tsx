import type { JSX } from 'solid-js';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { SourceDot } from './source-dot.tsx';
import { markOf, retryText } from './source-words.ts';

/** A source's state as its mark and its word, with the time of the next attempt, which is not read out every second. */
export function SourceStatus(props: { state: SourceState; nowMs: number }): JSX.Element {
  return (
    <span role="status" class="source-status">
      <SourceDot mark={markOf(props.state)} />
      <span>
        {props.state.kind}
        <span aria-hidden="true">{retryText(props.state, props.nowMs)}</span>
      </span>
    </span>
  );
}
