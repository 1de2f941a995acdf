import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { CountingViewer } from './counting-viewer.ts';
import { CutPublisher, isToken } from './cut-publisher.ts';
import { figure, HANG_MS, sized } from './settings.ts';
import { TcpProxy } from './tcp-proxy.ts';

const JOINS = sized(100, 1_000);
const EVENTS_PER_JOIN = sized(5, 60);
const EVENTS_PER_SECOND = 1_000;
/** How many events later whoever joined has seen enough. */
const STAYS_FOR = 50;
/** Old events are let go all the while, and a greeting costs the same from the first second to the last. */
const KEPT_BYTES = 512 * 1024;

describe('who joins under load', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let relay: Relay;
  let url: string;
  let proxy: TcpProxy;

  beforeEach(async () => {
    relay = createRelay({ port: 0, maxBytesPerProducer: KEPT_BYTES });
    ({ url } = await relay.start());
    proxy = await TcpProxy.open(relay.port);
  });

  afterEach(async () => {
    await proxy.close();
    await relay.stop();
    expect(new Set(Object.values(relay.sizes))).toEqual(new Set([0]));
  });

  /** Sends at a steady pace; what is late, because somebody was greeted, is sent at once. */
  async function sayAtPace(
    publisher: CutPublisher,
    { count, beganMs }: { count: number; beganMs: number },
  ): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      const dueMs = beganMs + (publisher.sequence / EVENTS_PER_SECOND) * 1000;
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs));
      await publisher.sayNext();
    }
  }

  /** Of what was said before it came, it has what is kept of it; of what came after, all; each once and in order. */
  async function joinAndStay(from: number): Promise<number> {
    const viewer = new CountingViewer(url);
    const last = () => viewer.shownOf('p').numbers.at(-1) ?? 0;
    await viewer.until(() => last() >= from + STAYS_FOR);
    const { numbers, greeted } = viewer.shownOf('p');
    const firstLive = numbers[greeted] ?? Infinity;
    const firstKept = numbers[2] ?? 0;
    const all = Array.from({ length: last() }, (_, index) => index + 1);
    const kept = all.filter((n) => n <= 2 || n >= firstKept);
    expect(numbers).toEqual(kept.filter((n) => n >= firstLive || !isToken(n)));
    expect(viewer.faults).toEqual([]);
    viewer.close();
    return greeted;
  }

  test(`${JOINS} joins: each misses nothing and sees nothing twice`, async () => {
    const publisher = new CutPublisher('p', proxy);
    const beganMs = performance.now();
    const joining: Promise<number>[] = [];
    for (let joined = 0; joined < JOINS; joined += 1) {
      await sayAtPace(publisher, { count: EVENTS_PER_JOIN, beganMs });
      joining.push(joinAndStay(publisher.sequence));
    }
    await sayAtPace(publisher, { count: STAYS_FOR, beganMs });
    const greeted = await Promise.all(joining);
    const perSecond = publisher.sequence / ((performance.now() - beganMs) / 1000);
    expect(Math.max(...greeted)).toBeGreaterThan(100);
    figure(
      `${JOINS} joins under ${perSecond.toFixed(0)} events/s: 0 lost, 0 doubled; ${Math.max(...greeted)} events in the longest greeting`,
    );
    publisher.close();
  });
});
