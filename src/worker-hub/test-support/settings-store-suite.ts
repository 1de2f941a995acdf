import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type SettingsStore } from '../settings/settings-store.ts';

const A = { id: 'ws://a:7400/ws', url: 'ws://a:7400/ws', order: 2, isPaused: true };
const B = { id: 'ws://b:7329/ws', url: 'ws://b:7329/ws', name: 'Desk', order: 1 };

/** What every store must do, whatever it keeps things in. `open` gives an empty one each time. */
export function describeSettingsStore(name: string, open: () => Promise<SettingsStore>): void {
  const openOne = closingAfterwards(open);
  describe(`${name}, as a store`, () => {
    it('is empty at first', async () => {
      const store = await openOne();
      expect(await store.load()).toEqual({ sources: [], removed: new Set(), settings: DEFAULT_SETTINGS });
    });

    it('keeps sources in their order, with their names and pauses', async () => {
      const store = await openOne();
      await store.putSource(A);
      await store.putSource(B);
      expect((await store.load()).sources).toEqual([B, A]);
      await store.putSource({ ...A, name: 'Relay', order: 0 });
      expect((await store.load()).sources).toEqual([{ ...A, name: 'Relay', order: 0 }, B]);
    });

    it('forgets a removed source and remembers that it was removed, until it is added again', async () => {
      const store = await openOne();
      await store.putSource(A);
      await store.removeSource(A.id);
      await store.removeSource('ws://never:1/ws');
      expect(await store.load()).toMatchObject({ sources: [], removed: new Set([A.id, 'ws://never:1/ws']) });
      await store.putSource(A);
      expect(await store.load()).toMatchObject({ sources: [A], removed: new Set(['ws://never:1/ws']) });
    });

    it('keeps the settings', async () => {
      const store = await openOne();
      await store.putSettings({ theme: 'light' });
      expect((await store.load()).settings).toEqual({ theme: 'light' });
    });

    it('gives out what does not change when the store does', async () => {
      const store = await openOne();
      const before = await store.load();
      await store.removeSource(A.id);
      expect(before.removed).toEqual(new Set());
    });
  });
}

function closingAfterwards(open: () => Promise<SettingsStore>): () => Promise<SettingsStore> {
  const opened: SettingsStore[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  return async () => {
    const store = await open();
    opened.push(store);
    return store;
  };
}
