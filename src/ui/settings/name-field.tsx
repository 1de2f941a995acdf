import { createResource } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';

/** The name under which others see this browser's decisions. */
export function NameField(): JSX.Element {
  const hub = useHub();
  const [settings] = createResource(() => hub.order((api) => api.settings()));
  function rename(name: string): void {
    void hub.order((api) => api.saveSettings({ name }));
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
