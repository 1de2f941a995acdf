import { afterEach, describe, expect, it } from 'vitest';
import { endConnections, fireAll, setUp } from '../test-support/hub-connection-set-up.ts';
import { PortHub } from '../test-support/port-hub.ts';
import { HubLostError } from './hub-connection.ts';

afterEach(endConnections);

describe('HubConnection', () => {
  it('reaches a new hub and subscribes everything anew when the hub dies; what was under way fails with a sentence', async () => {
    const { hubs, locks, connection, connectedTo, states, timers } = setUp();
    const view = connection.openView({ view: 'roster' }, () => undefined);
    connection.openView({ view: 'reviews' }, () => undefined).close();
    await connectedTo('first');
    const underWay = connection.command((api) => api.read('demo: self', 'x'));
    const second = new PortHub('second');
    hubs.push(second);
    locks.waiting.get('hub-alive-first')?.();
    expect(states.at(-1)?.kind).toBe('connected');
    const [reopen] = timers;
    reopen?.();
    await expect(underWay).rejects.toThrow(HubLostError);
    await connectedTo('second');
    await connection.command((api) => api.status());
    expect(second.calls.slice(1)).toEqual([['subscribe', 1, { view: 'roster' }]]);
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'lost', 'connecting', 'connected']);
    view.acknowledge(3, 4);
    await connection.command((api) => api.status());
    expect(second.acks).toEqual([{ stream: 1, generation: 3, number: 4 }]);
  });

  it('does not let a command wait for ever that comes between two hubs, or after the last', async () => {
    const { hubs, locks, timers, states, connection, connectedTo, until } = setUp();
    await connectedTo('first');
    hubs.push(new PortHub('second'));
    locks.waiting.get('hub-alive-first')?.();
    let between: Promise<unknown> | undefined;
    void until(() => {
      if (states.at(-1)?.kind === 'connecting') between ??= connection.command((api) => api.status());
      return between !== undefined;
    });
    fireAll(timers);
    await expect(between).rejects.toBeInstanceOf(HubLostError);
    await connectedTo('second');
    connection.close();
    await expect(connection.command((api) => api.status())).rejects.toBeInstanceOf(HubLostError);
  });

  it('takes a hub that does not answer for dead', async () => {
    const { hubs, timers, connectedTo, states } = setUp();
    hubs.push(new PortHub('second'));
    const [fire] = timers;
    fire?.();
    await connectedTo('second');
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'lost', 'connecting', 'connected']);
  });

  it('goes on at the hub that took over, and keeps to it when that dies', async () => {
    const { hubs, asked, locks, timers, connection, connectedTo, states } = setUp();
    connection.openView({ view: 'roster' }, () => undefined);
    await connectedTo('first');
    const newer = new PortHub('newer');
    hubs.push(newer);
    hubs[0]?.port?.postMessage({ word: 'moved', url: 'http://a/newer.js' });
    await connectedTo('newer');
    await connection.command((api) => api.status());
    expect(newer.calls.slice(1)).toEqual([['subscribe', 1, { view: 'roster' }]]);
    hubs.push(new PortHub('again'));
    locks.waiting.get('hub-alive-newer')?.();
    [...timers].at(-1)?.();
    await connectedTo('again');
    expect(asked.map(({ url }) => url)).toEqual([undefined, 'http://a/newer.js', 'http://a/newer.js']);
    // The old one is not missed: its end is no news any more.
    locks.waiting.get('hub-alive-first')?.();
    expect(states.map(({ kind }) => kind)).toEqual([
      'connecting',
      'connected',
      'connecting',
      'connected',
      'lost',
      'connecting',
      'connected',
    ]);
  });

  it('returns to the hub of its own page where that of another does not load or answer', async () => {
    const { hubs, asked, timers, connectedTo } = setUp();
    await connectedTo('first');
    hubs[0]?.port?.postMessage({ word: 'moved', url: 'http://a/newer.js' });
    hubs.push(new PortHub('second'));
    await connectedTo('second');
    hubs[1]?.port?.postMessage({ word: 'moved', url: 'http://a/newest.js' });
    const silent = new PortHub('silent');
    silent.open = () => new MessageChannel().port2;
    hubs.push(silent);
    await new Promise<void>((resolve) => {
      const look = (): unknown => (asked.at(-1)?.url === 'http://a/newest.js' ? resolve() : setTimeout(look));
      look();
    });
    hubs.push(new PortHub('own'));
    fireAll(timers);
    await connectedTo('own');
    const before = asked.length;
    hubs[3]?.port?.postMessage({ word: 'moved', url: 'http://a/gone.js' });
    hubs.push(silent);
    await new Promise<void>((resolve) => {
      const look = (): unknown => (asked.length > before ? resolve() : setTimeout(look));
      look();
    });
    hubs.push(new PortHub('own again'));
    asked.at(-1)?.fail();
    await connectedTo('own again');
    expect(asked.map(({ url }) => url).slice(-4)).toEqual([
      'http://a/newest.js',
      undefined,
      'http://a/gone.js',
      undefined,
    ]);
  });

  it('says that its own hub does not load, and tries it again', async () => {
    const { hubs, asked, timers, connectedTo, states } = setUp();
    const silent = new PortHub('silent');
    silent.open = () => new MessageChannel().port2;
    hubs.push(silent);
    fireAll(timers);
    asked.at(-1)?.fail();
    expect(states.at(-1)).toEqual({ kind: 'unreachable' });
    const said = states.length;
    fireAll(timers);
    expect(states.length).toBe(said);
    hubs.push(new PortHub('back'));
    fireAll(timers);
    await connectedTo('back');
    asked.at(-1)?.fail();
    expect(states.slice(said).map(({ kind }) => kind)).toEqual(['connected']);
  });
});
