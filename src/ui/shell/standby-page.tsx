import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';

/** What a tab shows whose browser cannot share one hub between tabs, while the hub is in another tab. */
export function StandbyPage(): JSX.Element {
  const hub = useHub();
  const [isMoving, setMoving] = createSignal(false);
  function useHere(): void {
    setMoving(true);
    hub.connection.command((api) => api.useHere()).catch(() => setMoving(false));
  }
  return (
    <section class="hint" aria-labelledby="standby-title">
      <h1 id="standby-title">Rostrum is open in another tab</h1>
      <p>
        This browser cannot share the connections between tabs, so that one tab at a time has them. Using Rostrum here
        moves them; nothing is lost, and the other tab can have them back.
      </p>
      <button type="button" class="button button-primary" disabled={isMoving()} onClick={useHere}>
        Use here
      </button>
      <p role="status">{isMoving() ? 'Moving here; a tab that does not answer is given 5 seconds.' : ''}</p>
    </section>
  );
}
