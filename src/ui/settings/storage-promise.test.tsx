import { expect, it } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { type KeepingStorage, StoragePromise } from './storage-promise.tsx';

/** A browser that has promised already or not, and says this when it is asked. */
function browser(isPromised: boolean, answer = isPromised): KeepingStorage {
  return { persisted: async () => isPromised, persist: async () => answer };
}

async function show(storage: KeepingStorage | undefined): Promise<Screen> {
  const screen = await renderAt(new FakeHub(), () => <StoragePromise storage={storage} />, '/settings');
  await settle();
  return screen;
}

it('says that the browser may clear what is stored, until it promises that it does not', async () => {
  const screen = await show(browser(false, true));
  expect(screen.text()).toContain('may clear it');
  screen.byRole('button', 'Ask the browser to keep it')?.click();
  await settle();
  expect(screen.text()).toBe('The browser has promised to keep it until you delete it.');
  screen.dispose();
});

it('says what helps where the browser refuses, and lets it be asked again', async () => {
  const screen = await show(browser(false, false));
  screen.byRole('button', 'Ask the browser to keep it')?.click();
  await settle();
  expect(screen.text()).toContain('installed as an app');
  expect(screen.byRole('button', 'Ask the browser to keep it')).toBeDefined();
  screen.dispose();
});

it('asks for nothing that is promised already, and says nothing where no browser would', async () => {
  const kept = await show(browser(true));
  expect(kept.byRole('button', 'Ask the browser to keep it')).toBeUndefined();
  expect(kept.text()).toContain('promised');
  const unknown = await show(undefined);
  expect(unknown.text()).toBe('');
  for (const screen of [kept, unknown]) screen.dispose();
});
