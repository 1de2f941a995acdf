import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { test } from '../browser/fixtures.ts';
import { serveRelease } from '../browser/served-release.ts';

const ROUNDS = process.env['ROSTRUM_BENCH_SMOKE'] === '1' ? 1 : 15;
const HUB = 'bench-hub.js';
const EMPTY = 'bench-empty.js';

/** Says how long its worker took from its making to here: to fetch, compile and run what it imports. */
const TELL = 'postMessage(performance.now());';

/** Writes the two workers that are compared beside a page that was built: one with the hub, one with nothing. */
async function writeWorkers(web: string): Promise<void> {
  const hub = (await readdir(join(web, 'assets'))).find((name) => /^hub-worker-.*\.js$/.test(name));
  if (hub === undefined) throw new Error(`There is no hub in ${web}/assets. Build the page first.`);
  await writeFile(join(web, HUB), `import './assets/${hub}'; ${TELL}`);
  await writeFile(join(web, EMPTY), TELL);
}

/** How long a worker takes to be there in a browser that has nothing in its caches, in ms. */
async function startMs(browser: Browser, address: URL): Promise<number> {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(new URL('/api/status', address).href);
  const took = await page.evaluate(async (url) => {
    const worker = new Worker(url, { type: 'module' });
    const told = await new Promise<MessageEvent<number>>((resolve, reject) => {
      worker.addEventListener('message', resolve);
      worker.addEventListener('error', () => reject(new Error(`${url} does not run.`)));
    });
    worker.terminate();
    return told.data;
  }, address.href);
  await context.close();
  return took;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

test('start of the hub, against a worker without a script', async ({ browser }) => {
  const { relay, web, stop } = await serveRelease();
  await writeWorkers(web);
  const hub: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    hub.push(await startMs(browser, new URL(HUB, relay.url)));
    empty.push(await startMs(browser, new URL(EMPTY, relay.url)));
  }
  await stop();
  const more = median(hub) - median(empty);
  process.stdout.write(
    `start of the hub, first visit       ${median(hub).toFixed(1)} ms, ${more.toFixed(1)} ms more than a worker that does nothing\n`,
  );
});
