import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { historySample, historyView } from '../test-support/history-samples.ts';
import { renderAt, settle, type Screen } from '../test-support/render-at.tsx';
import { HistoryPage } from './history-page.tsx';

const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

const STORAGE_LOST = 'The storage of this page does not work, so that nothing of it can be changed.';
const RUNS = [
  historySample('ws://a:1/ws svc 1.1', { title: 'Draft', lastAtMs: 1000, serviceName: 'news', isPinned: true }),
  historySample('ws://a:1/ws svc 1.5', { title: 'Review', lastAtMs: 2000, state: 'failed' }),
];

async function show(view = historyView(RUNS), address = '/history'): Promise<{ fake: FakeHub; screen: Screen }> {
  const fake = new FakeHub();
  fake.show('history', view);
  const screen = await renderAt(fake, () => <HistoryPage />, address);
  screens.push(screen);
  return { fake, screen };
}

function titles({ root }: Screen): string[] {
  return [...root.querySelectorAll('.history-title')].map(({ textContent }) => textContent);
}

describe('the history', () => {
  test('lists the runs, the latest first, each with an address of its own', async () => {
    const { screen } = await show();
    expect(screen.byRole('list', 'Runs')).toBeDefined();
    expect(titles(screen)).toEqual(['Review', 'Draft']);
    const links = [...screen.root.querySelectorAll('.history-link')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['/history/ws%3A%2F%2Fa%3A1%2Fws/svc/1.5', '/history/ws%3A%2F%2Fa%3A1%2Fws/svc/1.1']);
    expect(screen.text()).toContain('2 runs, 4 kB of 512 MB');
    expect(screen.root.querySelector('[role="listitem"]')?.getAttribute('aria-setsize')).toBe('2');
  });

  test('is filtered by the address, and by what is typed', async () => {
    const { screen } = await show(historyView(RUNS), '/history?filter=news');
    expect(titles(screen)).toEqual(['Draft']);
    const input = screen.root.querySelector<HTMLInputElement>('input[type="search"]');
    if (input === null) throw new Error('no filter');
    input.value = 'nothing';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settle();
    expect(screen.text()).toContain('No run matches.');
    expect(screen.address()).toBe('/history?filter=nothing');
  });

  test('says that it is empty, and when nothing is added to it', async () => {
    const empty = await show(historyView([]));
    expect(empty.screen.text()).toContain('No run is kept yet. Every run of a connected producer is');
    const { screen } = await show(historyView([], { storage: 'memory' }));
    expect(screen.text()).toContain('The storage of this page does not work');
    expect(screen.text()).not.toContain('Every run of a connected producer is');
  });

  test('says what had to go and what could not be read', async () => {
    const { screen } = await show(historyView(RUNS, { dropped: { age: 3 }, damaged: 2 }));
    expect(screen.text()).toContain('2 of its records could not be read');
    expect(screen.text()).toContain('Let go so far: 3 were too old.');
  });

  test('pins and unpins a run', async () => {
    const { fake, screen } = await show();
    expect(screen.byRole('button', 'Pin run: Draft')?.getAttribute('aria-pressed')).toBe('true');
    for (const name of ['Pin run: Draft', 'Delete run: Draft']) {
      expect(screen.byRole('button', name)?.querySelector('svg path')).not.toBeNull(); // a sign is all there is to see
    }
    screen.byRole('button', 'Pin run: Draft')?.click();
    screen.byRole('button', 'Pin run: Review')?.click();
    expect(fake.historyCommands).toEqual([
      ['pinRun', 'ws://a:1/ws svc 1.1', false],
      ['pinRun', 'ws://a:1/ws svc 1.5', true],
    ]);
  });

  test('says why a run that may still go on is not deleted, and does not ask', async () => {
    const open = historySample('ws://a:1/ws svc 1.9', { title: 'Open', state: 'running', isOpen: true });
    const { fake, screen } = await show(historyView([...RUNS, open]));
    const button = screen.byRole('button', 'Delete run: Open');
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    expect(button?.title).toMatch(/^Its process may still add to it\. It can be deleted once/);
    button?.click();
    await settle();
    expect(screen.byRole('alertdialog', 'Delete run: Open?')).toBeUndefined();
    expect(fake.historyCommands).toEqual([]);
    expect(screen.byRole('button', 'Delete run: Draft')?.getAttribute('aria-disabled')).toBe('false');
  });

  test('deletes a run only after it has asked', async () => {
    const { fake, screen } = await show();
    screen.byRole('button', 'Delete run: Review')?.click();
    screen.byRole('button', 'Keep')?.click();
    expect(fake.historyCommands).toEqual([]);
    expect(titles(screen)).toEqual(['Review', 'Draft']);
    screen.byRole('button', 'Delete run: Review')?.click();
    expect(screen.byRole('alertdialog', 'Delete run: Review?')).toBeDefined();
    screen.byRole('button', 'Delete')?.click();
    expect(fake.historyCommands).toEqual([['deleteRuns', ['ws://a:1/ws svc 1.5']]]);
  });

  test('says that nothing can be pinned or deleted where the storage does not work, and does not ask', async () => {
    const { fake, screen } = await show(historyView(RUNS, { storage: 'memory' }));
    expect(screen.text()).toContain('nothing can be pinned or deleted');
    for (const name of ['Pin run: Draft', 'Delete run: Draft']) {
      const button = screen.byRole('button', name);
      expect([button?.getAttribute('aria-disabled'), button?.title]).toEqual(['true', STORAGE_LOST]);
      button?.click();
    }
    await settle();
    expect(screen.byRole('alertdialog', 'Delete run: Draft?')).toBeUndefined();
    expect(fake.historyCommands).toEqual([]);
  });

  test('keeps the focus where a run was kept, and on the next one where it was deleted', async () => {
    const { screen } = await show();
    screen.byRole('button', 'Delete run: Review')?.click();
    await settle();
    expect(document.activeElement?.textContent).toBe('Keep');
    screen.byRole('button', 'Keep')?.click();
    await settle();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete run: Review');
    screen.byRole('button', 'Delete run: Review')?.click();
    screen.byRole('button', 'Delete')?.click();
    await vi.waitFor(() => expect(document.activeElement?.querySelector('.history-title')?.textContent).toBe('Draft'));
  });
});
