import { afterEach, describe, expect, it } from 'vitest';
import { MemorySettingsStore } from './settings/memory-settings-store.ts';
import { SOURCE_ID } from './test-support/connected-source.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';

afterEach(endHubs);

describe('a restart', () => {
  it('finds the sources and settings again', async () => {
    const store = new MemorySettingsStore();
    store.close = () => undefined;
    const first = startHub({ openStore: async () => store });
    const before = await first.openTab();
    await first.pass(0);
    await before.hub.addSource('localhost:7329', { name: 'Desk' });
    await before.hub.addSource('localhost:7400');
    await before.hub.removeSource('ws://localhost:7400/ws');
    await before.hub.saveSettings({ theme: 'dark' });
    const { name } = await before.hub.settings();
    expect(name).toMatch(/^browser /);
    first.end();
    const second = startHub({ openStore: async () => store });
    const tab = await second.openTab();
    await tab.open(1, { view: 'attention' });
    await tab.until(() => tab.view<'attention'>(1)?.head.ready === true);
    const sources = Object.values(tab.view<'attention'>(1)?.entities.sources ?? {});
    expect(sources.map(({ id, label }) => [id, label])).toEqual([[SOURCE_ID, 'Desk']]);
    expect(await tab.hub.settings()).toEqual({ theme: 'dark', name });
    await tab.hub.adoptOrigin('http://localhost:7400');
    expect(second.sockets.opened.map(({ url }) => url)).toEqual([SOURCE_ID]);
    expect(await tab.hub.openLink('localhost:7400', { pageOrigin: 'http://localhost:7400' })).toMatchObject({
      kind: 'connected',
    });
  });

  it('goes on in memory when the storage cannot be opened, and says so', async () => {
    const hub = startHub({ openStore: () => Promise.reject(new Error('disk full')) });
    const tab = await hub.openTab();
    await tab.open(1, { view: 'attention' });
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head).toMatchObject({
      ready: true,
      notices: [{ text: expect.stringContaining('disk full') }],
    });
    expect(await tab.hub.addSource('localhost:7329')).toMatchObject({ ok: true });
    expect(await tab.hub.status()).toMatchObject({ storage: 'memory' });
  });
});
