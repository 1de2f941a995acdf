import { producerKey } from '../../src/protocol/tab/keys.ts';
import { TestHub } from '../../src/worker-hub/test-support/test-hub.ts';
import type { FakeTab } from '../../src/worker-hub/test-support/fake-tab.ts';
import { joined, manyProducers } from './traffic.ts';

const SOURCE = 'ws://bench:1/ws';
const PRODUCERS = 50;
/** Events of one turn: 5,000 a second, one batch to each view every 50 ms. */
const TURN = 250;
const TURN_MS = 50;

/** A hub with one relay and some tabs, each of which shows the roster and one producer's run. */
async function openHub(tabCount: number): Promise<{ hub: TestHub; tabs: FakeTab[] }> {
  const hub = new TestHub();
  const tabs: FakeTab[] = [];
  for (let n = 0; n < tabCount; n += 1) tabs.push(await hub.openTab(`t${n}`));
  await hub.pass(0);
  await tabs[0]?.hub.addSource('bench:1');
  hub.sockets.last.accept();
  hub.sockets.last.say({ type: 'hub_hello' });
  for (const text of joined(PRODUCERS)) hub.sockets.last.say(text);
  for (const [n, tab] of tabs.entries()) {
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'roster' });
    await tab.open(3, { view: 'run', producer: producerKey(SOURCE, `p-${n}`) });
  }
  return { hub, tabs };
}

/** CPU time that the hub itself takes from a frame's text to what it posts to the tabs, µs per event; what the tabs do with it is not in it. */
async function hubMicros(tabCount: number, texts: readonly string[]): Promise<number> {
  const { hub } = await openHub(tabCount);
  let micros = 0;
  for (let from = 0; from < texts.length; from += TURN) {
    const before = process.cpuUsage();
    for (const text of texts.slice(from, from + TURN)) hub.sockets.last.say(text);
    hub.clock.advance(TURN_MS);
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
    await hub.pass(0);
  }
  hub.end();
  return micros / texts.length;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function run(): Promise<void> {
  const isSmoke = process.argv.includes('--smoke');
  const texts = manyProducers(PRODUCERS, isSmoke ? 2 : 60);
  const rounds = isSmoke ? 1 : 3;
  await hubMicros(1, texts.slice(0, 2_000));
  process.stdout.write('Hub (a frame of the socket to what is posted to each tab, which shows the roster and a run)\n');
  const micros = new Map<number, number>();
  for (const tabCount of [1, 4, 8]) {
    const all: number[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await hubMicros(tabCount, texts));
    micros.set(tabCount, median(all));
    const perEvent = (micros.get(tabCount) ?? 0).toFixed(1);
    const share = ((micros.get(tabCount) ?? 0) * 5_000) / 10_000;
    process.stdout.write(
      `${`${tabCount} tabs`.padEnd(34)} ${perEvent.padStart(7)} µs/event   ${share.toFixed(1)} % of a core at 5,000 events/s\n`,
    );
  }
  const perTab = ((micros.get(8) ?? 0) - (micros.get(1) ?? 0)) / 7;
  process.stdout.write(`${'each further tab'.padEnd(34)} ${perTab.toFixed(2).padStart(7)} µs/event\n`);
}

await run();
