import type { JSX } from 'solid-js';
import type { SourceMark } from './source-words.ts';
import './sources.css';

/** The mark of a source's state; the word stands beside it. */
export function SourceDot(props: { mark: SourceMark }): JSX.Element {
  return <i class="source-dot" data-state={props.mark} aria-hidden="true" />;
}
