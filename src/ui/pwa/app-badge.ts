import { createEffect, createMemo } from 'solid-js';

/** The part of a browser that shows a number on the icon of an installed app (https://w3c.github.io/badging/); many have none. */
export interface BadgePlace {
  setAppBadge?(count: number): Promise<void>;
  readonly locks: Pick<LockManager, 'request'>;
}

/** Held by the tab that shows the number. */
const LOCK = 'app-badge';

/**
 * Shows on the icon of the installed app how many reviews are open. One tab does so for all: when it goes it takes the number
 * away, and the next in line shows it again; an icon that nobody keeps up to date would call for what is long decided.
 */
export function createAppBadge(count: () => number, place: BadgePlace = navigator): void {
  if (place.setAppBadge === undefined) return;
  const open = createMemo(count);
  let isOurs = false;
  const show = (shown: number): void => {
    if (isOurs) place.setAppBadge?.(shown).catch(() => undefined); // not installed, or not allowed: the title counts as well
  };
  void place.locks.request(LOCK, () => {
    isOurs = true;
    show(open());
    return new Promise(() => undefined);
  });
  createEffect(() => show(open()));
  addEventListener('pagehide', () => show(0));
  addEventListener('pageshow', ({ persisted }) => persisted && show(open()));
}
