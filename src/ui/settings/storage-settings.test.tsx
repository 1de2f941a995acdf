import { afterEach, describe, expect, test } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { historySample, historyView } from '../test-support/history-samples.ts';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { StorageSettings } from './storage-settings.tsx';

const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

const RUNS = [historySample('a', { isPinned: true }), historySample('b'), historySample('c')];

async function show(fake: FakeHub, view = historyView(RUNS)): Promise<Screen> {
  fake.show('history', view);
  const screen = await renderAt(fake, () => <StorageSettings />, '/settings');
  screens.push(screen);
  return screen;
}

describe('the storage in the settings', () => {
  test('is shown against its limit', async () => {
    const screen = await show(new FakeHub());
    expect(screen.text()).toContain('3 runs, 6 kB of 512 MB');
    const meter = screen.root.querySelector('meter');
    expect(['value', 'max'].map((name) => meter?.getAttribute(name))).toEqual(['6144', String(512 * 1024 * 1024)]);
  });

  test('has limits that are as documented until somebody sets others', async () => {
    const fake = new FakeHub();
    fake.settings = { theme: 'system', limits: { maxRuns: 25 } };
    const screen = await show(fake);
    const fields = [...screen.root.querySelectorAll<HTMLInputElement>('input[type="number"]')];
    expect(fields.map(({ value }) => value)).toEqual(['512', '30', '25', '50', '5', '30']);
    const days = fields[1];
    if (days === undefined) throw new Error('no field');
    days.value = '90';
    days.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    expect(fake.settings.limits).toEqual({ maxRuns: 25 }); // a field changes with each press of an arrow key
    days.dispatchEvent(new FocusEvent('blur'));
    await settle();
    expect(fake.settings.limits).toEqual({ maxDays: 90 });
  });

  test('takes a limit by Enter, back by Escape, and none that cannot be, of which it says why', async () => {
    const fake = new FakeHub();
    const screen = await show(fake);
    const field = screen.root.querySelector<HTMLInputElement>('input[type="number"]');
    if (field === null) throw new Error('no field');
    function type(value: string, key: string): void {
      if (field === null) return;
      field.value = value;
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
    type('0', 'Enter');
    await settle();
    expect([field.value, fake.settings.limits]).toEqual(['512', undefined]);
    expect(screen.text()).toContain('A whole number from 1 to');
    expect(screen.text()).toContain('It stays at 512.');
    type('64', 'Escape');
    field.dispatchEvent(new FocusEvent('blur'));
    await settle();
    expect([field.value, fake.settings.limits]).toEqual(['512', undefined]);
    type('64', 'Enter');
    await settle();
    expect(fake.settings.limits).toEqual({ maxMegabytes: 64 });
    expect(screen.text()).not.toContain('A whole number');
  });

  test('is cleared only after it has asked, and without what is pinned unless that is wanted', async () => {
    const fake = new FakeHub();
    const screen = await show(fake);
    screen.byRole('button', 'Clear the history')?.click();
    expect(screen.text()).toContain('This deletes 2 runs for good.');
    screen.byRole('button', 'Keep')?.click();
    expect(fake.historyCommands).toEqual([]);
    screen.byRole('button', 'Clear the history')?.click();
    screen.byRole('button', 'Delete')?.click();
    expect(fake.historyCommands).toEqual([['deleteRuns', ['b', 'c']]]);
    screen.byRole('button', 'Clear the history')?.click();
    screen.root.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
    expect(screen.text()).toContain('This deletes 3 runs for good.');
    screen.byRole('button', 'Keep')?.click();
    screen.byRole('button', 'Clear the history')?.click();
    expect(screen.text()).toContain('This deletes 2 runs for good.');
    screen.root.querySelector<HTMLInputElement>('input[type="checkbox"]')?.click();
    screen.byRole('button', 'Delete')?.click();
    expect(fake.historyCommands.at(-1)).toEqual(['deleteRuns', ['a', 'b', 'c']]);
  });

  test('keeps, when it is cleared, the runs that may still go on', async () => {
    const fake = new FakeHub();
    const open = historySample('d', { isOpen: true, isPinned: true });
    const screen = await show(fake, historyView([historySample('b'), open]));
    screen.byRole('button', 'Clear the history')?.click();
    expect(screen.text()).toContain(
      'This deletes 1 run for good. Sources, settings, and runs that may still go on stay.',
    );
    expect(screen.root.querySelector('input[type="checkbox"]')).toBeNull();
    screen.byRole('button', 'Delete')?.click();
    expect(fake.historyCommands).toEqual([['deleteRuns', ['b']]]);
    fake.show('history', historyView([open]));
    await settle();
    expect(screen.byRole('button', 'Clear the history')?.hasAttribute('disabled')).toBe(true);
  });

  test('says when it does not work', async () => {
    const screen = await show(new FakeHub(), historyView([], { storage: 'memory' }));
    expect(screen.text()).toContain('kept only until the last tab is closed');
    expect(screen.byRole('button', 'Clear the history')?.hasAttribute('disabled')).toBe(true);
    const full = await show(new FakeHub(), historyView(RUNS, { storage: 'memory' }));
    expect(full.byRole('button', 'Clear the history')?.hasAttribute('disabled')).toBe(true);
  });

  test('has the focus back on its button when it is kept', async () => {
    const screen = await show(new FakeHub());
    screen.byRole('button', 'Clear the history')?.click();
    await settle();
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
    document.activeElement?.dispatchEvent(escape);
    await settle();
    expect(document.activeElement?.textContent).toBe('Clear the history');
  });
});
