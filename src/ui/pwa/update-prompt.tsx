import { Workbox } from 'workbox-window';
import { Show, createSignal, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { trustedScriptUrl } from '../trusted-types-policy.ts';
import { registerServiceWorker } from './register-service-worker.ts';

/** Says that a new version is ready, and reloads only when told to. */
export function UpdatePrompt(): JSX.Element {
  const [apply, setApply] = createSignal<() => void>();
  onMount(() => {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    const workbox = new Workbox(trustedScriptUrl('/sw.js'), { scope: '/' });
    registerServiceWorker(workbox, {
      onUpdate: (run) => setApply(() => run),
      reload: () => location.reload(),
    }).catch(() => undefined); // without a service worker the page works, only not offline
  });
  return (
    <Show when={apply()}>
      {(run) => (
        <div class="update" role="status">
          <span>A new version is ready. Reloading keeps your drafts and connections are made again.</span>
          <button type="button" class="button button-primary" onClick={() => run()()}>
            Reload
          </button>
          <button type="button" class="button button-quiet" onClick={() => setApply(undefined)}>
            Later
          </button>
        </div>
      )}
    </Show>
  );
}
