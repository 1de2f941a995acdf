import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { RunTab } from '../routes.ts';

const TABS: readonly { readonly id: RunTab; readonly name: string }[] = [
  { id: 'timeline', name: 'Timeline' },
  { id: 'conversation', name: 'Conversation' },
  { id: 'tools', name: 'Tools' },
];

/** The id of the panel that a tab shows. */
export function tabPanelId(tab: RunTab): string {
  return `panel-${tab}`;
}

/** The tab that a key leads to from another; undefined for any other key. */
export function tabAfterKey(tab: RunTab, key: string): RunTab | undefined {
  const index = TABS.findIndex(({ id }) => id === tab);
  switch (key) {
    case 'ArrowRight':
      return TABS[(index + 1) % TABS.length]?.id;
    case 'ArrowLeft':
      return TABS[(index + TABS.length - 1) % TABS.length]?.id;
    case 'Home':
      return TABS[0]?.id;
    case 'End':
      return TABS.at(-1)?.id;
    default:
      return undefined;
  }
}

/** The views of a run as tabs, with the controls of the one that is shown beside them. */
export function RunTabs(props: { tab: RunTab; onTab: (tab: RunTab) => void; children: JSX.Element }): JSX.Element {
  let list: HTMLDivElement | undefined;
  function press(event: KeyboardEvent): void {
    const next = tabAfterKey(props.tab, event.key);
    if (next === undefined) return;
    event.preventDefault();
    props.onTab(next);
    list?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }
  return (
    <div class="run-tabs">
      <div
        role="tablist"
        tabIndex={-1}
        aria-label="Views of the run"
        ref={(element) => (list = element)}
        onKeyDown={press}
      >
        <For each={TABS}>
          {({ id, name }) => (
            <button
              type="button"
              role="tab"
              id={`tab-${id}`}
              aria-selected={props.tab === id}
              aria-controls={props.tab === id ? tabPanelId(id) : undefined}
              tabIndex={props.tab === id ? 0 : -1}
              onClick={() => props.onTab(id)}
            >
              {name}
            </button>
          )}
        </For>
      </div>
      {props.children}
    </div>
  );
}
