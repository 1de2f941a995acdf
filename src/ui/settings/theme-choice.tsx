import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Settings } from '../../protocol/tab/hub-api.ts';
import { useHub } from '../hub/hub-context.tsx';
import { applyTheme, rememberedTheme } from '../shell/theme.ts';

const THEMES: readonly { value: Settings['theme']; text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

/** Light, dark, or as the system has it; the same for all tabs, and remembered. */
export function ThemeChoice(): JSX.Element {
  const hub = useHub();
  const kept = rememberedTheme();
  function choose(theme: Settings['theme']): void {
    applyTheme(theme);
    void hub.order((api) => api.saveSettings({ theme }));
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
