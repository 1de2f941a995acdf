import { describe, expect, it } from 'vitest';
import { type HubRelease, releaseLockName } from './hub-release.ts';
import { ACTIVE_LOCK, aliveLockName, readOtherHubs } from './other-hubs.ts';

const OLD: HubRelease = { contract: 1, database: 1, builtAtMs: 1, name: 'hub' };
const NEW: HubRelease = { ...OLD, builtAtMs: 2 };

const lock = (name: string, clientId: string) => ({ name, clientId });

describe('readOtherHubs', () => {
  it('finds nobody where there is nobody', () => {
    const own = [lock(aliveLockName('me'), 'c1'), lock(releaseLockName('me', OLD), 'c1'), { name: 'tab:1' }];
    expect(readOtherHubs(own, 'me')).toMatchObject({ newest: undefined, holder: undefined, isHolder: false });
  });

  it('finds the newest, and whose the active one is, by who holds both locks', () => {
    const held = [
      lock(releaseLockName('b', NEW), 'c2'),
      lock(releaseLockName('c', OLD), 'c3'),
      lock(releaseLockName('me', { ...OLD, builtAtMs: 9 }), 'c1'),
      lock(ACTIVE_LOCK, 'c3'),
    ];
    const { newest, holder, isHolder } = readOtherHubs(held, 'me');
    expect([newest?.builtAtMs, holder?.release?.builtAtMs, isHolder]).toEqual([2, 1, false]);
  });

  it('knows its own', () => {
    const held = [lock(aliveLockName('me'), 'c1'), lock(ACTIVE_LOCK, 'c1'), lock(releaseLockName('b', NEW), 'c2')];
    expect(readOtherHubs(held, 'me')).toMatchObject({ isHolder: true, holder: undefined });
  });

  it('knows of a holder that shows no release', () => {
    expect(readOtherHubs([lock(ACTIVE_LOCK, 'c9')], 'me').holder).toEqual({ release: undefined });
  });
});

describe('aliveLockName', () => {
  it('is one of each boot', () => {
    expect(aliveLockName('x')).toBe('hub-alive-x');
  });
});
