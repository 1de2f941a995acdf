import { describe, expect, it } from 'vitest';
import { ACTIVE_LOCK, aliveLockName, Lifetime } from './lifetime.ts';
import { FakeLocks } from './test-support/fake-locks.ts';

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

function createLifetime(locks: FakeLocks | undefined, bootId = 'a') {
  const said: string[] = [];
  const lifetime = new Lifetime({
    locks,
    bootId,
    onActive: () => said.push('active'),
    onDenied: (error) => said.push(`denied: ${String(error)}`),
  });
  return { lifetime, said };
}

describe('Lifetime', () => {
  it('is active once the lock is granted, and holds both locks until it ends', async () => {
    const locks = new FakeLocks();
    const { lifetime, said } = createLifetime(locks);
    lifetime.begin();
    expect([lifetime.isActive, said]).toEqual([false, []]);
    await lifetime.untilAlive;
    expect(locks.isHeld('hub-alive-a')).toBe(true);
    await settled();
    expect([lifetime.isActive, said]).toEqual([true, ['active']]);
    expect([locks.isHeld(ACTIVE_LOCK), locks.isHeld('hub-alive-a')]).toEqual([true, true]);
    lifetime.end();
    await settled();
    expect([lifetime.isActive, locks.size]).toEqual([false, 0]);
  });

  it('lives without being active while another hub is, and takes over when that ends', async () => {
    const locks = new FakeLocks();
    const first = createLifetime(locks, 'a');
    const second = createLifetime(locks, 'b');
    first.lifetime.begin();
    second.lifetime.begin();
    await settled();
    expect([first.lifetime.isActive, second.lifetime.isActive]).toEqual([true, false]);
    expect(locks.isHeld(aliveLockName('b'))).toBe(true);
    first.lifetime.end();
    await settled();
    expect(second.said).toEqual(['active']);
  });

  it('leaves the line when it ends before its turn', async () => {
    const locks = new FakeLocks();
    const release = locks.take(ACTIVE_LOCK);
    const { lifetime, said } = createLifetime(locks);
    lifetime.begin();
    lifetime.end();
    release();
    await settled();
    expect([lifetime.isActive, said, locks.size]).toEqual([false, [], 0]);
  });

  it('says once that the locks are denied', async () => {
    const locks = new FakeLocks();
    locks.failure = new Error('no');
    const { lifetime, said } = createLifetime(locks);
    lifetime.begin();
    await lifetime.untilAlive;
    expect([lifetime.isActive, said]).toEqual([false, ['denied: Error: no']]);
  });

  it('is active at once where there are no locks', async () => {
    const { lifetime, said } = createLifetime(undefined);
    lifetime.begin();
    expect([lifetime.isActive, said]).toEqual([true, ['active']]);
    expect(await lifetime.untilAlive).toBeUndefined();
  });
});

describe('aliveLockName', () => {
  it('is one of each boot', () => {
    expect(aliveLockName('x')).toBe('hub-alive-x');
  });
});
