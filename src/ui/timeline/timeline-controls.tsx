import type { JSX } from 'solid-js';
import type { TimelineView } from './create-timeline-view.ts';

const STEP = 1.5;

/** Zoom, Fit, and the switch that keeps what is latest in sight. */
export function TimelineControls(props: { view: TimelineView }): JSX.Element {
  const isFollowing = (): boolean => (props.view.look()?.mode ?? 'fit') !== 'still';
  return (
    <div class="tl-controls">
      <div class="tl-zoom" role="group" aria-label="Zoom">
        <button
          type="button"
          aria-label="Zoom out"
          title="Zoom out (-)"
          onClick={() => props.view.act({ kind: 'zoom', factor: STEP })}
        >
          <span aria-hidden="true">−</span>
        </button>
        <button type="button" title="Show the whole run" onClick={() => props.view.act({ kind: 'fit' })}>
          Fit
        </button>
        <button
          type="button"
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => props.view.act({ kind: 'zoom', factor: 1 / STEP })}
        >
          <span aria-hidden="true">+</span>
        </button>
      </div>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isFollowing()}
        onClick={() => props.view.act({ kind: 'follow', isOn: !isFollowing() })}
      >
        Follow latest
        <span class="switch-track" aria-hidden="true" />
      </button>
    </div>
  );
}
