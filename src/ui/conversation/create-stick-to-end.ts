import { createEffect, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

/** Who is this near the end is reading the end, px. */
const NEAR_PX = 48;

/** True where somebody reads the end of what scrolls. */
export function isAtEnd(element: Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight'>): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight <= NEAR_PX;
}

/** Keeps the end in sight while what scrolls grows, but only for who is there already: it never moves what somebody reads further up. */
export function createStickToEnd(
  scroller: Accessor<HTMLElement | undefined>,
  options: { readonly startAtEnd: boolean },
): void {
  createEffect(() => {
    const element = scroller();
    const content = element?.firstElementChild;
    if (element === undefined || content === null || content === undefined) return;
    let sticks = options.startAtEnd;
    let lastTop = element.scrollTop;
    const note = (): void => {
      // Content that grows leaves the place where it is; only a person moves up.
      if (element.scrollTop < lastTop) sticks = false;
      if (isAtEnd(element)) sticks = true;
      lastTop = element.scrollTop;
    };
    const observer = new ResizeObserver(() => {
      if (sticks) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener('scroll', note, { passive: true });
    observer.observe(content);
    onCleanup(() => {
      observer.disconnect();
      element.removeEventListener('scroll', note);
    });
  });
}
