import { onCleanup } from 'solid-js';

/** Keys and what they do; a key that is not there does nothing. */
export type PageKeys = Readonly<Record<string, () => void>>;

/** True where typing a letter must stay typing. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens to single keys on the whole page while its owner lives; not while somebody types, not with a modifier, and not again while one is held. */
export function createPageKeys(keys: () => PageKeys): void {
  function press(event: KeyboardEvent): void {
    // One that is held would answer review after review.
    if (
      event.repeat ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping(event.target)
    )
      return;
    const action = new Map(Object.entries(keys())).get(event.key.toLowerCase());
    if (action === undefined) return;
    event.preventDefault();
    action();
  }
  document.addEventListener('keydown', press);
  onCleanup(() => document.removeEventListener('keydown', press));
}
