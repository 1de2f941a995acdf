import type { Settings } from '../../protocol/tab/hub-api.ts';

/** Where the page remembers the theme for its very first paint, before the hub has answered. */
const KEY = 'rostrum-theme';

/** The theme that a choice means, given what the system prefers. */
export function resolveTheme(choice: Settings['theme'], systemIsDark: boolean): 'light' | 'dark' {
  if (choice === 'system') return systemIsDark ? 'dark' : 'light';
  return choice;
}

/** Shows a theme, follows the system while that is the choice, and remembers it for the next first paint. */
export function applyTheme(choice: Settings['theme']): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    document.documentElement.dataset['theme'] = resolveTheme(choice, system.matches);
  };
  system.onchange = show;
  show();
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // storage is forbidden: the hub's setting still comes
  }
}

/** The theme that was remembered, or the system's. */
export function rememberedTheme(): Settings['theme'] {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system';
  }
}
