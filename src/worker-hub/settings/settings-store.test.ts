import { describe, expect, it } from 'vitest';
import { describeSettingsStore } from '../test-support/settings-store-suite.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings-store.ts';

describeSettingsStore('MemorySettingsStore', async () => new MemorySettingsStore());

describe('MemorySettingsStore', () => {
  it('holds nothing once it is closed', async () => {
    const store = new MemorySettingsStore();
    await store.putSource({ id: 'ws://a:1/ws', url: 'ws://a:1/ws', order: 1 });
    await store.removeSource('ws://b:1/ws');
    await store.putSettings({ theme: 'dark' });
    store.close();
    expect(await store.load()).toEqual({ sources: [], removed: new Set(), settings: DEFAULT_SETTINGS });
  });
});

describe('readSettings', () => {
  it('takes what it understands and leaves the rest as it was', () => {
    expect(readSettings({ theme: 'dark', more: 1 })).toEqual({ theme: 'dark' });
    expect(readSettings({ theme: 'purple' }, { theme: 'light' })).toEqual({ theme: 'light' });
    expect(readSettings({ name: `  ${'Ann'.repeat(40)} ` }).name).toBe('Ann'.repeat(40).slice(0, 80));
    expect(readSettings({ name: '  ' }, { theme: 'dark', name: 'Ann' })).toEqual({ theme: 'dark', name: 'Ann' });
    for (const value of [undefined, null, 'dark', 7, {}]) expect(readSettings(value)).toEqual(DEFAULT_SETTINGS);
  });
});
