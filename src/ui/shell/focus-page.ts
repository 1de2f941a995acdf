/** Gives the focus to the page where what had it has gone, or cannot be seen any more: from the top bar on, all would have to be walked through again. */
export function focusPageIfLost(): void {
  const active = document.activeElement;
  if (active !== null && active !== document.body && active.checkVisibility()) return;
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
}
