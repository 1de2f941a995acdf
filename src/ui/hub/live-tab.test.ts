import { describe, expect, it } from 'vitest';
import type { HubConnectionState } from './hub-connection.ts';
import { LiveTab } from './live-tab.ts';

const HUB = { bootId: 'b', contract: 1, lockName: 'l' };
const WAITING: HubConnectionState = { kind: 'connected', hub: HUB, isActive: false };
const LIVE: HubConnectionState = { kind: 'connected', hub: HUB, isActive: true };
const STANDBY: HubConnectionState = { kind: 'standby' };

function createStorage() {
  const memory = new Map<string, string>();
  return {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => void memory.set(key, value),
    removeItem: (key: string) => void memory.delete(key),
  };
}

describe('LiveTab', () => {
  it('takes the hub back after a reload, once', () => {
    const storage = createStorage();
    expect([WAITING, LIVE].map((state) => new LiveTab(storage).note(state))).toEqual([false, false]);
    const reloaded = new LiveTab(storage);
    expect([WAITING, STANDBY, STANDBY].map((state) => reloaded.note(state))).toEqual([false, true, false]);
    expect(new LiveTab(storage).note(STANDBY)).toBe(false);
  });

  it('leaves it to the tab where the user wanted it', () => {
    const storage = createStorage();
    const tab = new LiveTab(storage);
    expect([LIVE, WAITING, STANDBY].map((state) => tab.note(state))).toEqual([false, false, false]);
    expect(new LiveTab(storage).note(STANDBY)).toBe(false);
  });

  it('does without where nothing can be remembered', () => {
    const storage = createStorage();
    storage.getItem = () => {
      throw new DOMException('no', 'SecurityError');
    };
    expect(new LiveTab(storage).note(STANDBY)).toBe(false);
  });
});
