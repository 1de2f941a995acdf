import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import { HubDriver } from '../support/hub-driver.ts';
import { drawHub, without } from '../support/hub-picture.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { CountingViewer } from './counting-viewer.ts';
import { CutPublisher, isToken } from './cut-publisher.ts';
import { chanceOf, figure, HANG_MS, SEED, sized } from './settings.ts';
import { TcpProxy } from './tcp-proxy.ts';

const PRODUCERS = 10;
const VIEWERS = 5;
const EVENTS = sized(12_000, 1_000_000);
const CUTS = sized(24, 100);
/** Up to here nothing has to be let go, and what everybody sees can be compared whole. */
const ALL_KEPT = 60_000;

/** What depends on when something came, on what of the moment was missed, or says that something was. */
const OF_THE_MOMENT = [
  'lastSeenMs',
  'sinceMs',
  'gaps',
  'missing',
  'streaming',
  'streamingSkippedChars',
  'conversation',
  'conversations',
  'output',
];

describe(`connections that break off (seed ${SEED})`, { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  const chance = chanceOf(SEED);
  let relay: Relay;
  let url: string;
  let proxies: TcpProxy[];

  beforeEach(async () => {
    relay = createRelay({ port: 0 });
    ({ url } = await relay.start());
    proxies = await Promise.all(Array.from({ length: PRODUCERS + VIEWERS }, () => TcpProxy.open(relay.port)));
  });

  afterEach(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await relay.stop();
    expect(new Set(Object.values(relay.sizes))).toEqual(new Set([0]));
  });

  function pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(chance() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick.');
    return item;
  }

  /** Something happens to one of the ways; what made it slow before is over. */
  function disturb(): void {
    const proxy = pick(proxies);
    proxy.mode = pick([{ kind: 'pass' }, { kind: 'late', ms: 5 }, { kind: 'dribble' }, { kind: 'hole' }] as const);
    if (proxy.mode.kind === 'hole' || chance() < 0.7) {
      const { mode } = proxy;
      proxy.cut();
      proxy.mode = mode.kind === 'hole' ? { kind: 'pass' } : mode;
    }
  }

  async function publish(publishers: readonly CutPublisher[]): Promise<void> {
    const every = Math.floor(EVENTS / CUTS);
    for (let sent = 0; sent < EVENTS; sent += 1) {
      const publisher = publishers[sent % publishers.length];
      await publisher?.sayNext();
      if (sent % every === every - 1) disturb();
      if (sent % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const proxy of proxies) proxy.mode = { kind: 'pass' };
    for (const publisher of publishers) await publisher.sayLast();
  }

  /** Of what was sent on one connection the beginning arrives, up to where it broke off; nothing in between is lost. */
  function expectPrefixes({ connections }: CutPublisher, numbers: readonly number[]): number {
    const seen = new Set(numbers);
    let lost = 0;
    for (const [index, { first, last }] of connections.entries()) {
      let arrived = first;
      while (arrived <= last && seen.has(arrived)) arrived += 1;
      for (let n = arrived; n <= last; n += 1) expect(seen.has(n)).toBe(false);
      if (index === connections.length - 1) expect(arrived).toBe(last + 1);
      lost += last + 1 - arrived;
    }
    return lost;
  }

  function hubOf(viewer: CountingViewer): HubDriver {
    const hub = new HubDriver({ startMs: Date.now() });
    hub.add();
    for (const text of viewer.texts) hub.receive(text);
    hub.wait(1000);
    return hub;
  }

  test(`${EVENTS} events with ${CUTS} disturbances: what reached the relay is at everybody, once and in order`, async () => {
    const publishers = proxies.slice(0, PRODUCERS).map((proxy, index) => new CutPublisher(`p${index}`, proxy));
    const keepsTexts = EVENTS <= ALL_KEPT;
    const witness = new CountingViewer(url, { keepsTexts });
    const cut = proxies.slice(PRODUCERS).map((proxy) => new CountingViewer(proxy.url, { keepsTexts }));
    await witness.until(() => witness.greetings === 1);
    const startedAtMs = performance.now();
    await publish(publishers);
    const hasAll = (viewer: CountingViewer) => () =>
      publishers.every(({ producerId, sequence }) => viewer.shownOf(producerId).numbers.at(-1) === sequence);
    for (const viewer of [witness, ...cut]) await viewer.until(hasAll(viewer));
    const seconds = (performance.now() - startedAtMs) / 1000;
    const late = new CountingViewer(url, { keepsTexts });
    await late.until(() => late.greetings === 1);
    let lost = 0;
    for (const publisher of publishers) {
      const { producerId } = publisher;
      const { numbers } = witness.shownOf(producerId);
      lost += expectPrefixes(publisher, numbers);
      const lasting = numbers.filter((n) => !isToken(n) || n === publisher.sequence);
      const kept = late.shownOf(producerId).numbers;
      expect(kept).toEqual(keepsTexts ? lasting : lasting.filter((n) => n <= 2 || n >= (kept[2] ?? 0)));
      for (const viewer of cut) {
        const shown = viewer.shownOf(producerId).numbers.filter((n) => !isToken(n) || n === publisher.sequence);
        expect(shown).toEqual(keepsTexts ? lasting : lasting.filter((n) => n <= 2 || n >= (shown[2] ?? 0)));
      }
    }
    for (const viewer of [witness, late, ...cut]) expect(viewer.faults).toEqual([]);
    expect(witness.greetings).toBe(1);
    if (keepsTexts) {
      const expected = without(drawHub(hubOf(late).state), OF_THE_MOMENT);
      for (const viewer of [witness, ...cut])
        expect(without(drawHub(hubOf(viewer).state), OF_THE_MOMENT)).toEqual(expected);
    }
    const greetings = cut.reduce((sum, viewer) => sum + viewer.greetings, 0);
    figure(
      `${EVENTS} events, ${CUTS} disturbances: ${(EVENTS / seconds).toFixed(0)} events/s; ${lost} were under way when their publisher was cut, 0 lost behind the relay; ${greetings} greetings of ${VIEWERS} viewers`,
    );
    for (const viewer of [witness, late, ...cut]) viewer.close();
    for (const publisher of publishers) publisher.close();
  });

  test('a storm of viewers that all come back twenty times finds the same each time', async () => {
    const [first] = proxies.slice(0, 1).map((proxy) => new CutPublisher('p', proxy));
    for (let sent = 0; sent < 501; sent += 1) await first?.sayNext();
    const viewers = Array.from({ length: sized(20, 50) }, () => new CountingViewer(url));
    const hasAll = (viewer: CountingViewer) => () => viewer.shownOf('p').numbers.at(-1) === first?.sequence;
    const lasting = Array.from({ length: 501 }, (_, index) => index + 1).filter((n) => !isToken(n));
    for (const viewer of viewers) await viewer.until(hasAll(viewer));
    const rounds = sized(5, 20);
    // Twice without anything new in between.
    for (let round = 1; round <= rounds + 1; round += 1) {
      for (const viewer of viewers) viewer.kick();
      for (const viewer of viewers) await viewer.until(() => viewer.greetings >= round + 1 && hasAll(viewer)());
      for (const viewer of viewers) expect(viewer.shownOf('p').numbers).toEqual(lasting);
    }
    for (const viewer of viewers) expect(viewer.faults).toEqual([]);
    figure(`${viewers.length} viewers kicked ${rounds + 1} times: 0 gaps, 0 doubled`);
    for (const viewer of viewers) viewer.close();
    first?.close();
  });
});
