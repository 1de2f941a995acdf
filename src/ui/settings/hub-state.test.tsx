import { afterEach, describe, expect, test, vi } from 'vitest';
import type { HubStatus } from '../../protocol/tab/hub-api.ts';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import { HubState } from './hub-state.tsx';

const STATUS: HubStatus = {
  bootId: 'b',
  build: 'hub-x1y2.js',
  contract: 2,
  startedAtMs: Date.now() - 61_000,
  isActive: true,
  tabs: 2,
  streams: [
    { tab: 1, view: 'roster', unacknowledged: 3, state: 'live' },
    { tab: 2, view: 'run', unacknowledged: 50, state: 'behind' },
    { tab: 2, view: 'roster', unacknowledged: 0, state: 'hidden' },
  ],
  sources: 20,
  connected: 18,
  producers: 50,
  eventsTotal: 1_234_567,
  eventsPerSecond: 4_999.6,
  heldEvents: 7,
  cacheBytes: 3_355_443,
  storage: 'IndexedDB',
  errors: [
    { atMs: 1, text: 'first' },
    { atMs: 2, text: 'TypeError: second' },
  ],
};

let screen: Screen | undefined;
afterEach(() => {
  screen?.dispose();
  vi.useRealTimers();
});

async function show(change: Partial<HubStatus> = {}): Promise<Map<string, string>> {
  const fake = new FakeHub();
  fake.status = { ...STATUS, ...change };
  screen = await renderAt(fake, () => <HubState pageVersion="1.2.3" />);
  const pairs = [...screen.root.querySelectorAll('dl > div')];
  return new Map(pairs.map((pair) => [pair.firstChild?.textContent ?? '', pair.lastChild?.textContent ?? '']));
}

describe('the state of the hub', () => {
  test('is told in figures and facts', async () => {
    expect(Object.fromEntries(await show())).toEqual({
      'Events a second': '5,000',
      Events: '1,234,567',
      Producers: '50',
      'Sources connected': '18 of 20',
      Tabs: '2',
      'Batches under way': '53',
      'Events held for order': '7',
      Role: 'active: holds every connection',
      'Running for': expect.stringMatching(/^1:0\d$/),
      Page: '1.2.3',
      Build: 'hub-x1y2.js',
      Contract: 'version 2',
      Storage: 'IndexedDB, 3.2 MB of runs',
    });
    expect((await show({ isActive: false })).get('Role')).toBe('standing by for another hub');
  });

  test('names each view on its way to each tab, and those that are behind', async () => {
    await show();
    expect(screen?.root.querySelector('summary')?.textContent).toBe('3 streams to tabs, 1 behind');
    const rows = [...(screen?.root.querySelectorAll('tbody tr') ?? [])];
    const cells = rows.map((row) => [...row.children].map(({ textContent }) => textContent));
    expect(cells).toEqual([
      ['1', 'roster', '3', 'up to date'],
      ['2', 'run', '50', expect.stringMatching(/^behind/)],
      ['2', 'roster', '0', expect.stringMatching(/^hidden/)],
    ]);
  });

  test('stays as it was told last when the hub does not answer, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    const fake = new FakeHub();
    fake.status = STATUS;
    const shown = renderAt(fake, () => <HubState pageVersion="1.2.3" />);
    await vi.advanceTimersByTimeAsync(1);
    screen = await shown;
    expect(screen.byRole('alert')).toBeUndefined();
    fake.fail(new Error('The hub was lost.'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.text()).toContain('1,234,567');
    expect(screen.byRole('alert')?.textContent).toContain('The hub was lost.');
    fake.fail(undefined);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.byRole('alert')).toBeUndefined();
  });

  test('lists the last errors, newest first, or says that there were none', async () => {
    await show();
    const texts = [...(screen?.root.querySelectorAll('.errors li span') ?? [])].map(({ textContent }) => textContent);
    expect(texts).toEqual(['TypeError: second', 'first']);
    screen?.dispose();
    await show({ errors: [] });
    expect(screen?.text()).toContain('None since the hub began.');
  });
});
