import type { JSX } from 'solid-js';

/**
 * What stands where a page should be that could not be drawn: a part of it did not load (the server is gone, or has another version by now), or a mistake
 * of ours. The hub and what it holds are not touched by it.
 */
export function PageFailure(props: { error: unknown }): JSX.Element {
  return (
    <div class="hint" role="alert">
      <h1>This page could not be shown</h1>
      <p>{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <p>Connections and decisions are not affected. Reloading usually helps; drafts are kept.</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  );
}
