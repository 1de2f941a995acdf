import { Show, createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';

/** One part of the settings: what it is about at its side, and what can be set. */
export function SettingsSection(props: { title: string; note?: string; children: JSX.Element }): JSX.Element {
  const id = createUniqueId();
  return (
    <section class="settings-section" aria-labelledby={id}>
      <div class="settings-about">
        <h2 id={id}>{props.title}</h2>
        <Show when={props.note}>{(note) => <p>{note()}</p>}</Show>
      </div>
      <div class="settings-body">{props.children}</div>
    </section>
  );
}
