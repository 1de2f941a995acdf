import { describe, expect, it } from 'vitest';
import { FakeClock } from '../test-support/fake-clock.ts';
import { FakeSockets } from '../test-support/fake-sockets.ts';
import { SourceSet } from './source-set.ts';

const A = { sourceId: 'ws://a:1/ws', url: 'ws://a:1/ws' };
const B = { sourceId: 'ws://b:1/ws', url: 'ws://b:1/ws' };

function createSet({ isActive = true } = {}) {
  const clock = new FakeClock();
  const sockets = new FakeSockets();
  const states: string[] = [];
  const answered: string[] = [];
  const sources = new SourceSet({
    clock,
    openSocket: sockets.open,
    random: () => 0.5,
    probes: {
      pageOrigin: 'http://localhost:7400',
      isOnline: () => true,
      permission: async () => 'granted',
      answers: async (url) => answered.push(url) > 0,
    },
    listener: {
      onState: (id, state) => states.push(`${id} ${state.kind}`),
      onFrame: () => undefined,
      onUnreadable: () => undefined,
    },
  });
  if (isActive) sources.activate();
  return { clock, sockets, states, sources, answered };
}

function greet(sockets: FakeSockets): void {
  sockets.last.accept();
  sockets.last.say({ type: 'hello' });
}

describe('SourceSet', () => {
  it('connects what is added, once', () => {
    const { sources, sockets, states } = createSet();
    sources.add(A);
    sources.add(A);
    expect([sources.size, sources.has(A.sourceId), sources.has(B.sourceId)]).toEqual([1, true, false]);
    expect([sockets.opened.length, states]).toEqual([1, [`${A.url} disconnected`, `${A.url} connecting`]]);
    expect(sources.shown(A.sourceId)?.kind).toBe('connecting');
    expect(sources.shown(B.sourceId)).toBeUndefined();
  });

  it('opens nothing before it is active, but for what is inside the page', () => {
    const { sources, sockets } = createSet({ isActive: false });
    const inside = new FakeSockets();
    sources.add(A);
    sources.wake();
    sources.add({ sourceId: 'demo:', url: 'demo:', openSocket: inside.open });
    expect([sockets.opened.length, inside.opened.length]).toEqual([0, 1]);
    expect(sources.shown(A.sourceId)).toMatchObject({ kind: 'disconnected', reason: { code: 'standby' } });
    sources.activate();
    expect([sockets.opened.length, inside.opened.length]).toEqual([1, 1]);
  });

  it('closes everything that is outside the page when another hub takes over', () => {
    const { sources, sockets } = createSet();
    const inside = new FakeSockets();
    sources.add(A);
    greet(sockets);
    sources.add({ sourceId: 'demo:', url: 'demo:', openSocket: inside.open });
    greet(inside);
    sources.deactivate();
    sources.wake();
    expect([sockets.live, inside.live, sockets.opened.length]).toEqual([0, 1, 1]);
    expect(sources.shown(A.sourceId)).toMatchObject({ reason: { code: 'standby' } });
  });

  it('wakes one or all', () => {
    const { sources, sockets } = createSet();
    for (const source of [A, B]) {
      sources.add(source);
      sockets.last.drop();
    }
    sources.retry(B.sourceId);
    expect(sockets.opened.map(({ url }) => url)).toEqual([A.url, B.url, B.url]);
    sources.wake();
    expect(sockets.opened.map(({ url }) => url)).toEqual([A.url, B.url, B.url, A.url]);
  });

  it('retries even what it would not by itself', () => {
    const { sources, sockets } = createSet();
    sources.add(A);
    greet(sockets);
    sockets.last.say(' '.repeat(128 * 1024 * 1024 + 1));
    sources.wake();
    expect(sockets.opened).toHaveLength(1);
    sources.retry();
    expect(sockets.opened).toHaveLength(2);
  });

  it('keeps a paused source without a socket, whatever happens, until it is resumed', () => {
    const { sources, sockets, clock } = createSet();
    sources.add(A);
    greet(sockets);
    sources.pause(A.sourceId);
    sources.pause('ws://nobody:1/ws');
    expect([sockets.live, sources.has(A.sourceId)]).toEqual([0, true]);
    sources.wake();
    sources.retry();
    sources.retry(A.sourceId);
    clock.advance(600_000);
    expect(sockets.opened).toHaveLength(1);
    expect(sources.shown(A.sourceId)).toMatchObject({
      kind: 'disconnected',
      reason: { code: 'paused', text: expect.stringContaining('a:1') },
    });
    sources.resume(A.sourceId);
    sources.resume(A.sourceId);
    expect([sockets.opened.length, sources.shown(A.sourceId)?.kind]).toEqual([2, 'connecting']);
  });

  it('adds a source that is paused without connecting it, and leaves it paused when another hub takes over', () => {
    const { sources, sockets } = createSet();
    sources.add({ ...A, isPaused: true });
    sources.wake();
    sources.deactivate();
    sources.activate();
    expect(sockets.opened).toEqual([]);
    expect(sources.shown(A.sourceId)).toMatchObject({ reason: { code: 'paused' } });
    sources.deactivate();
    sources.resume(A.sourceId);
    expect([sockets.opened.length, sources.shown(A.sourceId)]).toMatchObject([0, { reason: { code: 'standby' } }]);
  });

  it('sends to the source that is meant', () => {
    const { sources, sockets } = createSet();
    for (const source of [A, B]) {
      sources.add(source);
      greet(sockets);
    }
    sources.send(A.sourceId, 'x');
    sources.send('ws://nobody:1/ws', 'y');
    expect(sockets.opened.map(({ sent }) => sent)).toEqual([['x'], []]);
  });

  it('forgets what is removed', () => {
    const { sources, sockets, clock, states } = createSet();
    sources.add(A);
    const before = states.length;
    sources.remove(A.sourceId);
    sockets.last.drop();
    expect([sources.size, sockets.live, clock.pending, states.length]).toEqual([0, 0, 0, before]);
  });

  it('asks the place itself why it did not connect', async () => {
    const { sources, sockets, answered } = createSet();
    sources.add(A);
    sockets.last.drop();
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
    expect(answered).toEqual(['http://a:1/api/health/live']);
    expect(sources.shown(A.sourceId)).toMatchObject({ reason: { code: 'refuses-this-page' } });
  });

  it('shows a source whose address the browser does not take', () => {
    const { sources, sockets } = createSet();
    sockets.failure = new Error('bad');
    sources.add({ sourceId: '?', url: '?' });
    expect(sources.shown('?')).toMatchObject({
      kind: 'disconnected',
      reason: { text: expect.stringContaining('bad') },
    });
  });
});
