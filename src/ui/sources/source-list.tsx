import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { createNow } from '../format/create-now.ts';
import { EachById } from '../lists/each-by-id.tsx';
import { SourceLine } from './source-line.tsx';
import './sources.css';

/** Every source with its state, the reason where it is not connected, and what can be done about it. */
export function SourceList(props: { sources: readonly SourceEntity[] }): JSX.Element {
  const now = createNow();
  return (
    <ul class="source-list" aria-label="Sources">
      <EachById items={props.sources}>{(source) => <SourceLine source={source()} nowMs={now()} />}</EachById>
    </ul>
  );
}
