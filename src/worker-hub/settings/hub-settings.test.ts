import { describe, expect, it } from 'vitest';
import { FakeClock } from '../test-support/fake-clock.ts';
import { HubSettings, SETTINGS_WAIT_MS } from './hub-settings.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';

describe('HubSettings', () => {
  it('waits for the storage', async () => {
    const clock = new FakeClock();
    const settings = new HubSettings(clock);
    const read = settings.read();
    settings.load({ theme: 'dark' }, new MemorySettingsStore());
    expect(await read).toEqual({ theme: 'dark' });
    expect(clock.pending).toBe(0);
  });

  it('does not wait for ever', async () => {
    const clock = new FakeClock();
    const read = new HubSettings(clock).read();
    clock.advance(SETTINGS_WAIT_MS);
    expect(await read).toEqual({ theme: 'system' });
  });

  it('saves what is a setting, and answers with all of them', async () => {
    const store = new MemorySettingsStore();
    const settings = new HubSettings(new FakeClock());
    settings.load({ theme: 'dark' }, store);
    expect(await settings.save({ theme: 'light' })).toEqual({ theme: 'light' });
    expect(await settings.save({ theme: 'purple' as 'dark' })).toEqual({ theme: 'light' });
    expect((await store.load()).settings).toEqual({ theme: 'light' });
  });

  it('does not lose what was saved before the storage could be read', async () => {
    const store = new MemorySettingsStore();
    const settings = new HubSettings(new FakeClock());
    await settings.save({ theme: 'light' });
    settings.load({ theme: 'dark' }, store);
    expect(await settings.read()).toEqual({ theme: 'light' });
    expect((await store.load()).settings).toEqual({ theme: 'light' });
  });
});
