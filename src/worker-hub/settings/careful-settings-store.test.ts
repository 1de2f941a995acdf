import { describe, expect, it } from 'vitest';
import { describeSettingsStore } from '../test-support/settings-store-suite.ts';
import { CarefulSettingsStore } from './careful-settings-store.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import type { SettingsStore } from './settings-store.ts';

const A = { id: 'ws://a:7400/ws', url: 'ws://a:7400/ws', order: 1 };
const B = { id: 'ws://b:7400/ws', url: 'ws://b:7400/ws', order: 2 };

function createStore(open: (listener: { onLost: (text: string) => void }) => Promise<SettingsStore>) {
  const lost: string[] = [];
  return { store: new CarefulSettingsStore({ open, onLost: (text) => lost.push(text) }), lost };
}

describeSettingsStore('CarefulSettingsStore', async () => createStore(async () => new MemorySettingsStore()).store);
describeSettingsStore(
  'CarefulSettingsStore without storage',
  async () => createStore(() => Promise.reject(new Error('x'))).store,
);

describe('CarefulSettingsStore', () => {
  it('brings back what lasted, and writes through', async () => {
    const lasting = new MemorySettingsStore();
    await lasting.putSource(A);
    await lasting.removeSource('ws://old:1/ws');
    await lasting.putSettings({ theme: 'dark' });
    const { store, lost } = createStore(async () => lasting);
    expect(store.place).toBe('memory');
    expect(await store.load()).toEqual(await lasting.load());
    expect(store.place).toBe('IndexedDB');
    await store.putSource(B);
    await store.removeSource(A.id);
    await store.putSettings({ theme: 'light' });
    expect(await lasting.load()).toEqual({
      sources: [B],
      removed: new Set(['ws://old:1/ws', A.id]),
      settings: { theme: 'light' },
    });
    expect(lost).toEqual([]);
  });

  it('goes on in memory when a write fails, says so once, and closes what failed', async () => {
    const lasting = new MemorySettingsStore();
    let closed = 0;
    lasting.putSource = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
    lasting.close = () => (closed += 1);
    const { store, lost } = createStore(async () => lasting);
    await store.load();
    await store.putSource(A);
    await store.putSource(B);
    expect((await store.load()).sources).toEqual([A, B]);
    expect(lost).toEqual([expect.stringMatching(/QuotaExceededError: Full\..*only until/)]);
    expect([store.place, closed]).toEqual(['memory', 1]);
  });

  it('does not wait for a storage that is held by another, and gives it back when it comes', async () => {
    const late = new MemorySettingsStore();
    let closed = 0;
    late.close = () => (closed += 1);
    let arrive = (_store: SettingsStore): void => undefined;
    const { store, lost } = createStore((listener) => {
      listener.onLost('Held by another.');
      return new Promise((resolve) => {
        arrive = resolve;
      });
    });
    expect((await store.load()).sources).toEqual([]);
    expect(lost).toEqual([expect.stringContaining('Held by another.')]);
    arrive(late);
    await new Promise((resolve) => setImmediate(resolve));
    expect([store.place, closed]).toEqual(['memory', 1]);
  });

  it('closes the storage, and keeps silent about what comes after', async () => {
    let closed = 0;
    let lose = (_text: string): void => undefined;
    const { store, lost } = createStore(async ({ onLost }) => {
      lose = onLost;
      return Object.assign(new MemorySettingsStore(), { close: () => (closed += 1) });
    });
    await store.load();
    store.close();
    lose('Closed by the browser.');
    expect([closed, lost]).toEqual([1, []]);
  });
});
