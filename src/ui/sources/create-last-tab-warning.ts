import { createEffect, onCleanup } from 'solid-js';
import type { Attention } from '../shell/attention-context.tsx';

/**
 * Lets the browser ask before the last tab closes while an embedded dashboard waits for an answer, because closing the last
 * connection to it answers for the person. Listens only while that is so: a page that might ask is never kept for *back*.
 */
export function createLastTabWarning(attention: Attention): void {
  const isRisky = (): boolean =>
    attention.head()?.tabs === 1 && attention.sources().some(({ reviewsAtRisk }) => reviewsAtRisk > 0);
  createEffect(() => {
    if (!isRisky()) return;
    const warn = (event: Event): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    onCleanup(() => removeEventListener('beforeunload', warn));
  });
}
