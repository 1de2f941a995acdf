import type { JSX } from 'solid-js';
import './state-glyph.css';

/** The states that have a glyph; each view maps its own words to these. */
export type GlyphState = 'waiting' | 'running' | 'done' | 'failed' | 'gone' | 'idle';

const SHAPES: Record<GlyphState, () => JSX.Element> = {
  waiting: () => (
    <>
      <circle cx="7" cy="7" r="5.5" />
      <path d="M7 4v3.4M7 9.6v.4" />
    </>
  ),
  running: () => <path d="M7 1.5A5.5 5.5 0 1 1 1.5 7" />,
  done: () => <path d="M2.5 7.5l3 3 6-7" />,
  failed: () => <path d="M3 3l8 8M11 3l-8 8" />,
  gone: () => <circle cx="7" cy="7" r="5.5" stroke-dasharray="2 2" />,
  idle: () => <circle cx="7" cy="7" r="2" fill="currentColor" stroke="none" />,
};

/** A state as a shape and a colour; the word stands beside it, so it is hidden from screen readers. */
export function StateGlyph(props: { state: GlyphState }): JSX.Element {
  return (
    <svg
      class="state-glyph"
      data-state={props.state}
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      aria-hidden="true"
    >
      {SHAPES[props.state]()}
    </svg>
  );
}
