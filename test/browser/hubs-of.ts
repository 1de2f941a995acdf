import type { Page } from '@playwright/test';

/** Boot ids of the hubs that live in the browser of a page, as their locks tell. */
export function hubsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    const prefix = 'hub-alive-';
    // A tab that waits for the death of its hub asks for a share of the lock, and a frozen one keeps what it was given.
    const own = held.filter(({ mode }) => mode === 'exclusive').map(({ name = '' }) => name);
    return own.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  });
}
