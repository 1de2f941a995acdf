import { afterEach, describe, expect, it } from 'vitest';
import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import type { StreamFrame } from '../../protocol/tab/stream.ts';
import { FakeLocks } from '../test-support/fake-locks.ts';
import { endConnections, setUp } from '../test-support/hub-connection-set-up.ts';

afterEach(endConnections);

describe('HubConnection', () => {
  it('greets the hub, holds its own lock, and stops waiting once answered', async () => {
    const { hubs, locks, timers, connectedTo } = setUp();
    await connectedTo('first');
    expect(hubs[0]?.calls).toEqual([
      ['hello', { tabId: 't1', lockName: 'tab:t1', contract: TAB_CONTRACT_VERSION, builtAtMs: 7, visible: true }],
    ]);
    expect(locks.held).toEqual(['tab:t1']);
    expect(timers.size).toBe(0);
  });

  it('says hello only when it holds its own lock: a hub that could have it would take the tab for dead', async () => {
    const locks = new FakeLocks();
    let grant = (): void => undefined;
    locks.grant = new Promise((resolve) => {
      grant = resolve;
    });
    const { hubs, connection, connectedTo } = setUp(locks);
    await connection.command((api) => api.status());
    expect(hubs[0]?.calls).toEqual([]);
    grant();
    await connectedTo('first');
    expect(locks.held).toEqual(['tab:t1']);
  });

  it('delivers the frames of a view to its listener and acknowledges on the same port', async () => {
    const { hubs, connection, connectedTo } = setUp();
    const frame: StreamFrame = {
      stream: 1,
      generation: 1,
      number: 0,
      view: 'reviews',
      snapshot: { head: { open: 0 }, entities: { reviews: {} } },
    };
    const got = new Promise<StreamFrame>((resolve) => {
      connection.openView({ view: 'reviews' }, resolve);
    });
    await connectedTo('first');
    hubs[0]?.port?.postMessage(frame);
    expect(await got).toEqual(frame);
    await connection.command((api) => api.status());
    expect(hubs[0]?.calls.at(-1)).toEqual(['subscribe', 1, { view: 'reviews' }]);
  });

  it('tells the hub what it should know', async () => {
    const { hubs, connection, connectedTo } = setUp();
    await connectedTo('first');
    connection.setVisible(false);
    const view = connection.openView({ view: 'roster' }, () => undefined);
    view.resubscribe();
    view.close();
    connection.close();
    await new Promise<void>((resolve) => {
      hubs[0]?.port?.addEventListener('message', () => hubs[0]?.calls.length === 6 && resolve());
      if (hubs[0]?.calls.length === 6) resolve();
    });
    expect(hubs[0]?.calls.slice(1)).toEqual([
      ['setVisible', false],
      ['subscribe', 1, { view: 'roster' }],
      ['subscribe', 1, { view: 'roster' }],
      ['unsubscribe', 1],
      ['bye'],
    ]);
  });

  it('says that the hub is in another tab, until it is here', async () => {
    const { hubs, states, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'standby' });
    await until(() => states.at(-1)?.kind === 'standby');
    hubs[0]?.port?.postMessage({ word: 'active' });
    await until(() => states.at(-1)?.kind === 'connected');
    expect(states.at(-1)).toMatchObject({ kind: 'connected', isActive: true, hub: { bootId: 'first' } });
  });

  it('does not talk to a hub of another contract, and asks for no other', async () => {
    const { hubs, asked, states, locks, connection, until } = setUp(new FakeLocks(), TAB_CONTRACT_VERSION + 1);
    connection.openView({ view: 'roster' }, () => undefined);
    await until(() => states.at(-1)?.kind === 'retired');
    expect(states.at(-1)).toMatchObject({ kind: 'retired', text: expect.stringContaining('different versions') });
    await expect(connection.command((api) => api.status())).rejects.toThrow('different versions');
    locks.waiting.get('hub-alive-first')?.();
    expect([asked.length, hubs[0]?.calls.length]).toEqual([1, 1]);
  });

  it('tells a hub that retired from one that only made a mistake, and stays with neither', async () => {
    const { hubs, asked, locks, states, errors, connection, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'error', text: 'A bug.' });
    await until(() => errors.length > 0);
    expect([errors, states.at(-1)?.kind]).toEqual([['A bug.'], 'connected']);
    hubs[0]?.port?.postMessage({ word: 'retired', text: 'Reload this page.' });
    await until(() => states.at(-1)?.kind === 'retired');
    expect(states.at(-1)).toEqual({ kind: 'retired', text: 'Reload this page.' });
    locks.waiting.get('hub-alive-first')?.();
    await expect(connection.command((api) => api.status())).rejects.toThrow('Reload this page.');
    expect(asked.length).toBe(1);
  });
});
