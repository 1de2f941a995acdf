import { For, Show, createMemo } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';

/**
 * One element for each thing, for as long as there is one of its id. What changes is a new object in a view: by itself a list
 * would make the element anew, and what is typed in it, and the focus, would be gone.
 */
export function EachById<T extends { readonly id: string }>(props: {
  items: readonly T[];
  children: (item: Accessor<T>) => JSX.Element;
}): JSX.Element {
  const byId = createMemo(() => new Map(props.items.map((item) => [item.id, item])));
  return (
    <For each={props.items.map(({ id }) => id)}>
      {(id) => <Show when={byId().get(id)}>{(item) => props.children(item)}</Show>}
    </For>
  );
}
