import type { CDPSession, Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { expect, test } from '../browser/fixtures.ts';
import { manyProducers, oneLongRun } from './traffic.ts';

const isSmoke = process.env['ROSTRUM_BENCH_SMOKE'] === '1';
const PRODUCERS = isSmoke ? 20 : 500;
const TASKS = isSmoke ? 100 : 10_000;
const FRAMES = isSmoke ? 20 : 120;
const MAX_BUFFERED_BYTES = 1 << 20;

/** Publishes envelopes, each process on a socket of its own, so that the relay counts all of them as connected. */
async function publish(relayUrl: string, envelopes: readonly string[]): Promise<WebSocket[]> {
  const sockets = new Map<string, WebSocket>();
  for (const text of envelopes) {
    const { producerId } = (JSON.parse(text) as { producer: { producerId: string } }).producer;
    const socket = sockets.get(producerId) ?? (await connect(relayUrl, producerId));
    sockets.set(producerId, socket);
    socket.send(text);
    while (socket.bufferedAmount > MAX_BUFFERED_BYTES) await new Promise(setImmediate);
  }
  return [...sockets.values()];
}

function connect(relayUrl: string, producerId: string): Promise<WebSocket> {
  const url = `${relayUrl.replace('http', 'ws')}/ingress?producerId=${encodeURIComponent(producerId)}`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** Main-thread time per frame while something scrolls a step in each of many frames, in ms. */
async function scrollCost(page: Page, selector: string, axis: 'x' | 'y'): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await taskSeconds(session);
  await page.evaluate(
    async ({ selector: wanted, axis: along, frames }) => {
      const target = document.querySelector(wanted);
      if (target === null) throw new Error(`Nothing on the page is ${wanted}.`);
      const deltas = along === 'x' ? { deltaX: -40 } : { deltaY: 40 };
      for (let n = 0; n < frames; n += 1) {
        await new Promise(requestAnimationFrame);
        if (along === 'y') target.scrollBy(0, 40);
        else target.dispatchEvent(new WheelEvent('wheel', { ...deltas, bubbles: true, cancelable: true }));
      }
    },
    { selector, axis, frames: FRAMES },
  );
  return (((await taskSeconds(session)) - before) * 1000) / FRAMES;
}

function print(name: string, drawMs: number, frameMs: number): void {
  process.stdout.write(
    `${name.padEnd(34)} first draw ${drawMs.toFixed(0).padStart(5)} ms   ${frameMs.toFixed(1).padStart(5)} ms CPU per frame while scrolling\n`,
  );
}

test('roster of many producers', async ({ context, relayUrl }) => {
  const sockets = await publish(relayUrl, manyProducers(PRODUCERS, 2));
  const first = await context.newPage();
  await first.goto(relayUrl);
  await expect(first.getByRole('list', { name: 'Producers' }).getByRole('listitem').first()).toBeVisible();
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(relayUrl);
  await expect(page.getByRole('list', { name: 'Producers' }).getByRole('listitem').first()).toBeVisible();
  const drawMs = performance.now() - began;
  const frameMs = await scrollCost(page, '.roster-scroll', 'y');
  print(`roster of ${PRODUCERS} producers`, drawMs, frameMs);
  for (const socket of sockets) socket.terminate();
});

test('one long run on the timeline', async ({ context, relayUrl }) => {
  const sockets = await publish(relayUrl, oneLongRun(TASKS));
  const first = await context.newPage();
  await first.goto(relayUrl);
  const link = first.getByRole('list', { name: 'Producers' }).getByRole('link').first();
  await expect(link).toBeVisible();
  const address = await link.getAttribute('href');
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(`${relayUrl}${address}`);
  await expect(page.getByRole('tabpanel')).toBeVisible();
  await expect(page.getByText(new RegExp(`of ${TASKS.toLocaleString('en-US')}`)).first()).toBeVisible();
  const drawMs = performance.now() - began;
  await page.getByRole('button', { name: 'Zoom in' }).click({ clickCount: 5 });
  const panMs = await scrollCost(page, '.tl-plot', 'x');
  print(`run of ${TASKS} tasks`, drawMs, Math.max(panMs, await scrollCost(page, '.tl-scroll', 'y')));
  for (const socket of sockets) socket.terminate();
});
