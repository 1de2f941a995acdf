import type { JSX } from 'solid-js';
import { useAttention } from '../shell/attention-context.tsx';
import { AddressForm } from '../sources/address-form.tsx';
import { SourceList } from '../sources/source-list.tsx';
import { countsText } from '../sources/source-words.ts';
import { HubState } from './hub-state.tsx';
import { NameField } from './name-field.tsx';
import { SettingsSection } from './settings-section.tsx';
import { StorageSettings } from './storage-settings.tsx';
import { ThemeChoice } from './theme-choice.tsx';
import './settings.css';

/** Everything that can be set, and how the hub itself is. */
export function SettingsPage(): JSX.Element {
  const { sources } = useAttention();
  return (
    <div class="settings">
      <h1>Settings</h1>
      <SettingsSection title="Sources" note={countsText(sources())}>
        <AddressForm />
        <SourceList sources={sources()} />
      </SettingsSection>
      <SettingsSection title="You">
        <NameField />
      </SettingsSection>
      <SettingsSection title="Appearance">
        <ThemeChoice />
      </SettingsSection>
      <SettingsSection title="Storage" note="The history of runs that this browser keeps.">
        <StorageSettings />
      </SettingsSection>
      <SettingsSection
        title="Hub"
        note="The worker that holds the connections and the state for every tab of this browser."
      >
        <HubState pageVersion={__ROSTRUM_VERSION__} />
      </SettingsSection>
    </div>
  );
}
