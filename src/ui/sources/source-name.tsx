import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { useHub } from '../hub/hub-context.tsx';

/** The name of a source, and the field that changes it: Enter keeps what was typed, Escape what was there. */
export function SourceName(props: { source: SourceEntity; isEditing: boolean; onDone: () => void }): JSX.Element {
  return (
    <Show when={props.isEditing} fallback={<b class="source-label">{props.source.label}</b>}>
      <NameForm source={props.source} onDone={props.onDone} />
    </Show>
  );
}

function NameForm(props: { source: SourceEntity; onDone: () => void }): JSX.Element {
  const hub = useHub();
  // What it is called now is where typing begins; a name that changes in another tab meanwhile does not type over it.
  const [name, setName] = createSignal(props.source.label);

  function save(event: Event): void {
    event.preventDefault();
    void hub.order((api) => api.renameSource(props.source.id, name()));
    props.onDone();
  }

  return (
    <form class="source-name" onSubmit={save}>
      <input
        type="text"
        aria-label={`Name of ${props.source.label}`}
        maxlength={80}
        placeholder={props.source.url}
        value={name()}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && props.onDone()}
        ref={(field) => queueMicrotask(() => field.select())}
      />
      <button type="submit" class="button">
        Save
      </button>
    </form>
  );
}
