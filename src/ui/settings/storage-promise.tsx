import { Show, createResource, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

/** The part of the browser's storage that says whether it may be cleared (https://storage.spec.whatwg.org/#persistence). */
export type KeepingStorage = Pick<StorageManager, 'persisted' | 'persist'>;

/** Whether the browser may clear the history when its disk runs short, and a way to ask that it does not. */
export function StoragePromise(props: { storage?: KeepingStorage | undefined }): JSX.Element {
  const [isPromised, { mutate }] = createResource(async () => props.storage?.persisted());
  const [isRefused, setRefused] = createSignal(false);
  async function ask(): Promise<void> {
    const promised = await props.storage?.persist();
    mutate(promised);
    setRefused(promised === false);
  }
  return (
    <Show when={isPromised.latest !== undefined}>
      <p class="storage-note" role="status">
        {promiseText(isPromised.latest === true, isRefused())}
      </p>
      <Show when={isPromised.latest === false}>
        <button type="button" class="button" onClick={() => void ask()}>
          Ask the browser to keep it
        </button>
      </Show>
    </Show>
  );
}

function promiseText(isPromised: boolean, isRefused: boolean): string {
  if (isPromised) return 'The browser has promised to keep it until you delete it.';
  if (!isRefused) return 'The browser may clear it when its disk runs short.';
  return 'The browser does not promise it yet. Most do once Rostrum is installed as an app, or was used for a while.';
}
