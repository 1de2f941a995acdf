import { describe, expect, it } from 'vitest';
import { arrival } from '../../test/support/arrival.ts';
import { kinds, registryOf } from '../../test/support/registry-of.ts';
import { rosterOrder } from './registry-roster.ts';

describe('who is there', () => {
  it('is posting until it connects, and gone when it leaves', () => {
    const registry = registryOf();
    registry.admit(arrival('a', 1), 10);
    expect(registry.get('a')?.presence).toEqual({ kind: 'posting' });
    registry.connected('a', 20);
    expect(registry.get('a')).toMatchObject({ presence: { kind: 'connected' }, lastSeenAtMs: 20 });
    registry.admit(arrival('a', 2), 30);
    expect(registry.get('a')).toMatchObject({ presence: { kind: 'connected' }, lastSeenAtMs: 30 });
    registry.left('a', 40, 'disconnected');
    expect(registry.get('a')).toMatchObject({
      presence: { kind: 'gone', atMs: 40, reason: 'disconnected' },
      lastSeenAtMs: 40,
    });
    registry.left('a', 50);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 50 });
    registry.admit(arrival('a', 2), 55);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 50 });
    registry.admit(arrival('a', 3), 60);
    expect(registry.get('a')?.presence).toEqual({ kind: 'posting' });
  });

  it('stays gone when a snapshot repeats its events', () => {
    const registry = registryOf();
    registry.connected('a', 0);
    registry.left('a', 10);
    registry.admitSnapshot([arrival('a', 1)], 20);
    expect(registry.get('a')?.presence).toEqual({ kind: 'gone', atMs: 10 });
    registry.left('nobody', 30);
    expect(registry.get('nobody')).toBeUndefined();
  });

  it('lists those that have spoken or been named, by service, then id', () => {
    const registry = registryOf();
    registry.connected('silent', 0);
    for (const [producerId, serviceName] of [
      ['b', 'two'],
      ['z', 'one'],
      ['a', 'two'],
    ] as const) {
      expect(kinds(registry.describe({ producerId, serviceName }, 0))).toEqual([`first-seen ${producerId}`]);
    }
    registry.admit(arrival('nameless', 1), 0);
    expect(rosterOrder(registry).map(({ producerId }) => producerId)).toEqual(['nameless', 'z', 'a', 'b']);
    expect(registry.size).toBe(5);
  });
});
