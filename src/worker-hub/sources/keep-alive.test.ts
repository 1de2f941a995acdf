import { describe, expect, it } from 'vitest';
import { FakeClock } from '../test-support/fake-clock.ts';
import { EMBEDDED, JAVA_HUB, RELAY, serveFake } from '../test-support/fake-server.ts';
import { FakeSockets } from '../test-support/fake-sockets.ts';
import { SourceSet } from './source-set.ts';

const HOUR_MS = 3_600_000;

function createSet(serve: (port: number) => typeof RELAY) {
  const clock = new FakeClock();
  const sockets = new FakeSockets();
  const asleep: (() => void)[] = [];
  sockets.onOpened = (socket) => asleep.push(serveFake(clock, socket, serve(Number(new URL(socket.url).port))));
  const states: string[] = [];
  const sources = new SourceSet({
    clock,
    openSocket: sockets.open,
    random: () => 0.5,
    probes: {
      pageOrigin: 'http://localhost:7400',
      isOnline: () => true,
      permission: async () => undefined,
      answers: async () => true,
    },
    listener: {
      onState: (id, state) => states.push(`${id} ${state.kind}`),
      onFrame: () => undefined,
      onUnreadable: () => undefined,
    },
  });
  sources.activate();
  const add = (port: number): void =>
    sources.add({ sourceId: `ws://localhost:${port}/ws`, url: `ws://localhost:${port}/ws` });
  return { clock, sockets, sources, states, add, sleep: (index: number) => asleep[index]?.() };
}

describe('an idle source', () => {
  it.each([
    ['relay', RELAY],
    ['Java hub', JAVA_HUB],
    ['embedded dashboard', EMBEDDED],
    ['server that shows no sign of life, and cuts who says nothing', { ...JAVA_HUB, answersPing: false }],
  ])('%s stays connected for an hour, on one socket', (_name, manners) => {
    const { clock, sockets, states, add } = createSet(() => manners);
    add(1);
    clock.advance(HOUR_MS);
    expect([sockets.opened.length, sockets.live]).toEqual([1, 1]);
    expect(states.at(-1)).toBe('ws://localhost:1/ws connected');
  });

  it.each([
    ['relay', RELAY],
    ['Java hub', JAVA_HUB],
    ['embedded dashboard', EMBEDDED],
  ])('%s stays connected, on one socket, while this computer sleeps and its clock is set', (_name, manners) => {
    const { clock, sockets, states, add } = createSet(() => manners);
    add(1);
    for (const byMs of [HOUR_MS, -3 * HOUR_MS, 20_000, -20_000, 45_000, HOUR_MS]) {
      clock.advance(61_234);
      clock.shift(byMs);
    }
    clock.advance(HOUR_MS);
    expect([sockets.opened.length, sockets.live]).toEqual([1, 1]);
    expect(states.at(-1)).toBe('ws://localhost:1/ws connected');
  });

  it('that falls asleep is noticed within 40 s, and connected anew, once', () => {
    const { clock, sockets, sources, states, add, sleep } = createSet(() => JAVA_HUB);
    add(1);
    // Opened 1 ms after it was wanted, so the last pong is from 60,001.
    clock.advance(60_002);
    sleep(0);
    clock.advance(39_998);
    expect(sockets.opened).toHaveLength(1);
    clock.advance(1 + 500 + 1);
    expect([sockets.opened[0]?.isClosed, sockets.opened.length, sockets.live]).toEqual([true, 2, 1]);
    expect(states).toContain('ws://localhost:1/ws reconnecting');
    clock.advance(HOUR_MS);
    expect([sockets.opened.length, sources.shown('ws://localhost:1/ws')?.kind]).toEqual([2, 'connected']);
  });

  it('is one of twenty, each on one socket, and none disturbs another', () => {
    const kinds = [RELAY, JAVA_HUB, EMBEDDED];
    const { clock, sockets, states, sources, add } = createSet((port) => kinds[port % 3] ?? RELAY);
    for (let port = 1; port <= 20; port += 1) add(port);
    sources.pause('ws://localhost:20/ws');
    clock.advance(HOUR_MS);
    expect([sources.size, sockets.opened.length, sockets.live]).toEqual([20, 20, 19]);
    expect(states.filter((state) => state.endsWith('connected') && !state.endsWith('disconnected'))).toHaveLength(19);
  });
});
