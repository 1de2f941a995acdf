import { describe, expect, it } from 'vitest';
import {
  canReach,
  compareReleases,
  type HubRelease,
  isObject,
  isRelease,
  readReleaseLock,
  releaseLockName,
} from './hub-release.ts';

const RELEASE: HubRelease = { contract: 2, database: 3, builtAtMs: 1_000, name: 'hub', url: 'http://a/hub-1.js' };

describe('compareReleases', () => {
  it('goes by contract, then database, then build, then address, so that two never tie that are not the same', () => {
    const inOrder: HubRelease[] = [
      { ...RELEASE, contract: 1, database: 9, builtAtMs: 9_000 },
      { ...RELEASE, database: 2, builtAtMs: 9_000 },
      { ...RELEASE, builtAtMs: 999, url: 'http://a/hub-9.js' },
      RELEASE,
      { ...RELEASE, url: 'http://a/hub-2.js' },
    ];
    for (const [left, a] of inOrder.entries()) {
      for (const [right, b] of inOrder.entries()) {
        expect(Math.sign(compareReleases(a, b))).toBe(Math.sign(left - right));
      }
    }
  });
});

describe('canReach', () => {
  it('needs the same contract and name, and two workers that tabs can share', () => {
    const { url: _, ...alone } = RELEASE;
    expect(canReach({ ...RELEASE, builtAtMs: 2_000, database: 4, url: 'http://a/hub-2.js' }, RELEASE)).toBe(true);
    expect(canReach({ ...RELEASE, contract: 3 }, RELEASE)).toBe(false);
    expect(canReach({ ...RELEASE, name: 'other' }, RELEASE)).toBe(false);
    expect([canReach(alone, RELEASE), canReach(RELEASE, alone)]).toEqual([false, false]);
  });
});

describe('the lock of a release', () => {
  it('says in its name whose release it is', () => {
    const { url: _, ...alone } = RELEASE;
    for (const release of [RELEASE, alone]) {
      expect(readReleaseLock(releaseLockName('boot-1', release))).toEqual({
        bootId: 'boot-1',
        release: expect.objectContaining(release),
      });
    }
  });

  it('is told from any other name', () => {
    const names = ['hub-active', 'hub-release ', 'hub-release {', 'hub-release null', 'hub-release {"bootId":"a"}'];
    const nameless = `hub-release ${JSON.stringify(RELEASE)}`;
    const elsewhere = releaseLockName('a', RELEASE).replace('hub-release', 'hub-other');
    for (const name of [...names, nameless, elsewhere]) expect(readReleaseLock(name)).toBeUndefined();
  });
});

describe('isRelease', () => {
  it('takes what another version may add, and refuses what cannot be compared', () => {
    expect(isRelease({ ...RELEASE, more: true })).toBe(true);
    for (const bad of [{ contract: '2' }, { database: null }, { builtAtMs: Infinity }, { name: 7 }, { url: 7 }]) {
      expect(isRelease({ ...RELEASE, ...bad })).toBe(false);
    }
    expect([isRelease(undefined), isRelease('x')]).toEqual([false, false]);
  });
});

describe('isObject', () => {
  it('is what has members', () => {
    expect([{}, [], null, 'x', undefined].map(isObject)).toEqual([true, true, false, false, false]);
  });
});
