import { createRoot, createSignal } from 'solid-js';
import { expect, it } from 'vitest';
import { createAppBadge, type BadgePlace } from './app-badge.ts';

/** An icon, and tabs that stand in line for it. */
function createIcon(answer: Promise<void> = Promise.resolve()) {
  const shown: number[] = [];
  const line: (() => unknown)[] = [];
  const place: BadgePlace = {
    setAppBadge: (count) => {
      shown.push(count);
      return answer;
    },
    locks: {
      request: ((_name: string, granted: () => unknown) => {
        line.push(granted);
        return new Promise(() => undefined);
      }) as LockManager['request'],
    },
  };
  return { place, shown, grant: () => line.shift()?.() };
}

function openTab(place: BadgePlace, open = 0) {
  const [count, setCount] = createSignal(open);
  createRoot(() => createAppBadge(count, place));
  return setCount;
}

it('shows how many reviews are open, from one tab, and the next one shows them when that goes', () => {
  const icon = createIcon();
  const setFirst = openTab(icon.place, 2);
  const setSecond = openTab(icon.place, 2);
  expect(icon.shown).toEqual([]);
  icon.grant();
  setFirst(3);
  setSecond(3);
  expect(icon.shown).toEqual([2, 3]);
  dispatchEvent(new Event('pagehide'));
  expect(icon.shown).toEqual([2, 3, 0]);
  icon.grant();
  expect(icon.shown).toEqual([2, 3, 0, 3]);
});

it('shows the number again in a page that comes back', () => {
  const icon = createIcon();
  openTab(icon.place, 1);
  icon.grant();
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(icon.shown).toEqual([1, 0, 1]);
});

it('does without where there is no icon, or where it is refused', async () => {
  const none = createIcon();
  openTab({ locks: none.place.locks }, 1);
  expect(none.grant()).toBeUndefined();
  const refused = createIcon(Promise.reject(new DOMException('no', 'NotAllowedError')));
  openTab(refused.place, 1);
  refused.grant();
  await Promise.resolve();
  expect(refused.shown).toEqual([1]);
});
