import { Show, createEffect, createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';
import type { HubConnectionState } from '../hub/hub-connection.ts';
import { trustedScriptUrl } from '../trusted-types-policy.ts';
import { isServedNow } from './is-served-now.ts';
import { UpdateFlow } from './update-flow.ts';
import type { ServiceWorkerRegistrar, UpdateState } from './update-flow.ts';

/**
 * Says that a new version is there or needed, and reloads when told to, or when nobody looks. In the flow of the page, so that
 * it covers nothing. While the version is needed it stays: it is then the sign that this page is not live.
 */
export function UpdatePrompt(): JSX.Element {
  const hub = useHub();
  const [state, setState] = createSignal<UpdateState>({ kind: 'none' });
  const [isPutOff, setPutOff] = createSignal(false);
  const flow = new UpdateFlow({
    loadRegistrar,
    builtAtMs: hub.builtAtMs,
    storage: sessionStorage,
    isVisible: () => hub.isVisible(),
    isServedNow: () => isServedNow(navigator.serviceWorker.controller !== null),
    reload: () => location.reload(),
    onState: (next) => {
      setPutOff(false);
      setState(next);
    },
  });
  const onVisibility = (): void => {
    if (!hub.isVisible()) flow.hidden();
  };
  onMount(() => {
    document.addEventListener('visibilitychange', onVisibility);
    void flow.start();
  });
  onCleanup(() => document.removeEventListener('visibilitychange', onVisibility));
  createEffect(() => flow.need(whyNeeded(hub.state())));
  return (
    <Show when={!isPutOff() && updateText(state())}>
      {(text) => (
        <div class="update" role="status">
          <span>{text()}</span>
          <button type="button" class="button button-primary" onClick={() => void flow.reload()}>
            Reload
          </button>
          <Show when={state().kind !== 'needed'}>
            <button type="button" class="button button-quiet" onClick={() => setPutOff(true)}>
              Later
            </button>
          </Show>
        </div>
      )}
    </Show>
  );
}

/** After the page is drawn, which needs none of it. */
async function loadRegistrar(): Promise<ServiceWorkerRegistrar | undefined> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined;
  const { Workbox } = await import('workbox-window');
  return new Workbox(trustedScriptUrl('/sw.js'), { scope: '/' });
}

/** Why the hub has no use for this page any more; undefined while it has. */
export function whyNeeded(state: HubConnectionState): string | undefined {
  if (state.kind === 'retired') return state.text;
  if (state.kind !== 'unreachable') return undefined;
  return 'The hub of this page does not load, perhaps because its server has a newer version by now. It is tried again; reloading may help.';
}

/** What the prompt says; undefined where there is nothing to say. */
export function updateText(state: UpdateState): string | undefined {
  if (state.kind === 'ready') return 'A new version is ready. Reloading keeps your drafts.';
  if (state.kind === 'needed') return `${state.text} Until then it shows what was known last; your drafts are kept.`;
  if (state.kind !== 'in-charge') return undefined;
  return 'Another tab has put a new version in charge. This one follows once you look away, or now; your drafts are kept.';
}
