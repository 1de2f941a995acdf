import type { Page } from '@playwright/test';

/** Boot ids of the hubs that live in the browser of a page, as their locks tell. */
export function hubsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    const prefix = 'hub-alive-';
    return held.flatMap(({ name = '' }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  });
}
