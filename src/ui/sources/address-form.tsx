import { Show, createEffect, createSignal, createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';
import './sources.css';

/** The one input that adds a source; it takes an address in any form that people have, and says what is wrong with one it cannot use. */
export function AddressForm(props: { prefill?: string | undefined; onAdded?: () => void }): JSX.Element {
  const hub = useHub();
  const problemId = createUniqueId();
  const [address, setAddress] = createSignal('');
  const [problem, setProblem] = createSignal<string>();
  createEffect(() => setAddress(props.prefill ?? ''));

  async function connect(event: Event): Promise<void> {
    event.preventDefault();
    const result = await hub.order((api) => api.addSource(address()));
    if (result === undefined) return;
    setProblem(result.ok ? undefined : result.error.message);
    if (!result.ok) return;
    setAddress('');
    props.onAdded?.();
  }

  return (
    <form class="address-form" onSubmit={(event) => void connect(event)}>
      <label class="address-field">
        <span>Address of a producer or hub</span>
        <input
          type="text"
          value={address()}
          onInput={(event) => setAddress(event.currentTarget.value)}
          placeholder="localhost:7329"
          autocomplete="url"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={problem() !== undefined}
          aria-describedby={problemId}
        />
      </label>
      <button type="submit" class="button button-primary">
        Connect
      </button>
      <p id={problemId} class="address-problem" role="alert">
        <Show when={problem()}>{(text) => text()}</Show>
      </p>
    </form>
  );
}
