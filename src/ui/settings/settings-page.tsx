import { For, Show, createResource } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HubStatus, Settings } from '../../protocol/tab/hub-api.ts';
import { createNow } from '../format/create-now.ts';
import { clockDuration } from '../format/duration.ts';
import { countOf, groupDigits } from '../format/count.ts';
import { useHub } from '../hub/hub-context.tsx';
import { useAttention } from '../shell/attention-context.tsx';
import { applyTheme, rememberedTheme } from '../shell/theme.ts';
import { AddressForm } from '../sources/address-form.tsx';
import { SourceList } from '../sources/source-list.tsx';

const THEMES: readonly { value: Settings['theme']; text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

/** Sources, theme, and how the hub itself is. */
export function SettingsPage(): JSX.Element {
  const { sources } = useAttention();
  return (
    <div class="settings">
      <h1>Settings</h1>
      <section aria-labelledby="sources-title">
        <h2 id="sources-title">Sources</h2>
        <AddressForm />
        <SourceList sources={sources()} />
      </section>
      <section>
        <ThemeChoice />
      </section>
      <section>
        <NameField />
      </section>
      <section aria-labelledby="hub-title">
        <h2 id="hub-title">Hub</h2>
        <HubFacts />
      </section>
    </div>
  );
}

function ThemeChoice(): JSX.Element {
  const hub = useHub();
  const kept = rememberedTheme();
  function choose(theme: Settings['theme']): void {
    applyTheme(theme);
    void hub.connection.command((api) => api.saveSettings({ theme }));
  }
  return (
    <fieldset class="choice">
      <legend>Theme</legend>
      <For each={THEMES}>
        {(theme) => (
          <label>
            <input
              type="radio"
              name="theme"
              value={theme.value}
              checked={theme.value === kept}
              onChange={() => choose(theme.value)}
            />
            {theme.text}
          </label>
        )}
      </For>
    </fieldset>
  );
}

/** The name under which others see this browser's decisions. */
function NameField(): JSX.Element {
  const hub = useHub();
  const [settings] = createResource(() => hub.connection.command((api) => api.settings()));
  function rename(name: string): void {
    void hub.connection.command((api) => api.saveSettings({ name }));
  }
  return (
    <label class="address-field settings-name">
      <span>Your name, as others see it beside your decisions</span>
      <input
        type="text"
        maxlength={80}
        value={settings.latest?.name ?? ''}
        onChange={(event) => rename(event.currentTarget.value)}
      />
    </label>
  );
}

/** How often the hub is asked how it is, ms. */
const STATUS_STEP_MS = 2000;

function HubFacts(): JSX.Element {
  const hub = useHub();
  const now = createNow(STATUS_STEP_MS);
  const [status] = createResource(now, () => hub.connection.command((api) => api.status()));
  return <Show when={status.latest}>{(shown) => <HubFactList status={shown()} nowMs={now()} />}</Show>;
}

function HubFactList(props: { status: HubStatus; nowMs: number }): JSX.Element {
  const facts = (): readonly (readonly [string, string])[] => [
    ['Version', `${__ROSTRUM_VERSION__}, contract ${props.status.contract}`],
    ['Running for', clockDuration(props.nowMs - props.status.startedAtMs)],
    ['Role', props.status.isActive ? 'active: holds every connection' : 'standing by for another hub'],
    ['Tabs', `${props.status.tabs}, with ${countOf(props.status.subscriptions, 'view')}`],
    ['Producers', groupDigits(props.status.producers)],
    [
      'Events',
      `${groupDigits(props.status.eventsTotal)}, ${groupDigits(Math.round(props.status.eventsPerSecond))} a second`,
    ],
    ['Storage', props.status.storage],
  ];
  return (
    <>
      <dl class="facts">
        <For each={facts()}>
          {([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          )}
        </For>
      </dl>
      <Show when={props.status.errors.length > 0}>
        <h2>Last errors</h2>
        <ul>
          <For each={props.status.errors}>{(error) => <li>{error.text}</li>}</For>
        </ul>
      </Show>
    </>
  );
}
