import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../browser/fixtures.ts';
import { hubHeapBytes } from '../browser/hub-process.ts';
import { startLoadServer } from './load-server.ts';
import type { LoadServer } from './load-server.ts';
import { endlessTraffic } from './traffic.ts';

const isSmoke = process.env['ROSTRUM_BENCH_SMOKE'] === '1';
const PRODUCERS = 50;
const WARM_UP_MS = isSmoke ? 200 : 3000;
const MEASURE_MS = isSmoke ? 1000 : 10_000;
const ROUNDS = isSmoke ? 1 : 3;
const MANY_EVENTS = isSmoke ? 20_000 : 1_000_000;
const CHECKPOINTS = 4;

/** Opens a page that watches the run of the first process at this server. */
async function openRun(context: BrowserContext, relayUrl: string, server: LoadServer): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${relayUrl}/hub?server=${server.address}`);
  await server.connected();
  await page.getByRole('list', { name: 'Producers' }).getByRole('link').first().click();
  await expect(page.locator('.run-figure', { hasText: 'tasks' })).toBeVisible();
  return page;
}

/** Opens one more tab on the address of a page; `isHidden` makes it think that nobody looks. */
async function openBeside(page: Page, isHidden: boolean): Promise<void> {
  const tab = await page.context().newPage();
  if (isHidden) {
    await tab.addInitScript(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }));
  }
  await tab.goto(page.url());
  await expect(tab).toHaveTitle(/Rostrum/);
}

interface Pace {
  readonly eventsPerSecond: number;
  readonly forMs: number;
  /** Called for each event, right after it was handed to the socket. */
  onSent?(text: string): void;
}

/** Sends rows of events at a steady rate: what is due is sent every few milliseconds. */
async function keepSending(server: LoadServer, rows: Iterator<readonly string[]>, pace: Pace): Promise<void> {
  const began = performance.now();
  let sent = 0;
  for (let elapsedMs = 0; elapsedMs < pace.forMs; elapsedMs = performance.now() - began) {
    while (sent < (elapsedMs / 1000) * pace.eventsPerSecond) {
      const row = rows.next().value as readonly string[];
      server.send(row);
      for (const text of row) pace.onSent?.(text);
      sent += row.length;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** CPU time that all processes of the browser have used so far, in s, by process. */
async function cpuTimes(browser: Browser): Promise<Map<number, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return new Map(processInfo.map(({ id, cpuTime }) => [id, cpuTime]));
}

/** The share of one core that the browser uses while 1,000 events/s come in, with these tabs. */
async function cpuShare(browser: Browser, relayUrl: string, beside: readonly boolean[]): Promise<number> {
  const server = await startLoadServer(PRODUCERS);
  const context = await browser.newContext();
  const rows = endlessTraffic(PRODUCERS);
  const opened = openRun(context, relayUrl, server);
  await server.connected();
  await keepSending(server, rows, { eventsPerSecond: 1000, forMs: 300 });
  const page = await opened;
  for (const isHidden of beside) await openBeside(page, isHidden);
  // A page behind others is drawn once a second, whatever it thinks of its visibility.
  await page.bringToFront();
  await keepSending(server, rows, { eventsPerSecond: 1000, forMs: WARM_UP_MS });
  const before = await cpuTimes(browser);
  await keepSending(server, rows, { eventsPerSecond: 1000, forMs: MEASURE_MS });
  const after = await cpuTimes(browser);
  await context.close();
  await server.stop();
  const used = [...after].reduce((sum, [id, seconds]) => sum + seconds - (before.get(id) ?? 0), 0);
  return (used * 1000) / MEASURE_MS;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

test('CPU of the whole browser by tabs', async ({ browser, relayUrl }) => {
  const shares = { one: [] as number[], hidden: [] as number[], visible: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    shares.one.push(await cpuShare(browser, relayUrl, []));
    shares.hidden.push(await cpuShare(browser, relayUrl, [true, true, true]));
    shares.visible.push(await cpuShare(browser, relayUrl, [false, false, false]));
  }
  const one = median(shares.one);
  const line = (name: string, share: number, goal: string): void =>
    print(
      `${name.padEnd(34)} ${(share * 100).toFixed(0).padStart(4)} % of a core   ${(share / one).toFixed(2)}× ${goal}`,
    );
  print(`Browser at 1,000 events/s over ${PRODUCERS} producers, all its processes`);
  line('one tab', one, '');
  line('four tabs, three of them hidden', median(shares.hidden), '[1.1×]');
  line('four visible windows', median(shares.visible), '[1.75×]');
});

/** Notes in the page when each number of finished tasks was first shown. */
async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: [text: string, atMs: number][] = [];
    Object.assign(globalThis, { rostrumShown: shown });
    const note = (): void => {
      const figure = [...document.querySelectorAll('.run-figure')].find(({ textContent }) =>
        textContent.endsWith('tasks'),
      );
      shown.push([figure?.querySelector('b')?.textContent ?? '', Date.now()]);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** When so many tasks or more were first shown, ms since the Unix epoch, by their number. */
async function shownTasks(page: Page): Promise<readonly (readonly [tasks: number, atMs: number])[]> {
  const shown = await page.evaluate(() => Reflect.get(globalThis, 'rostrumShown') as [string, number][]);
  return shown.map(([text, atMs]) => [Number(text.split(' of ')[0]?.replaceAll(',', '')), atMs] as const);
}

for (const eventsPerSecond of [1000, 5000]) {
  test(`lag of the screen at ${eventsPerSecond} events/s`, async ({ context, relayUrl }) => {
    const server = await startLoadServer(PRODUCERS);
    const rows = endlessTraffic(PRODUCERS, Number.MAX_SAFE_INTEGER);
    const opened = openRun(context, relayUrl, server);
    await server.connected();
    const sentAtMs: number[] = [];
    let lastAtMs = 0;
    const onSent = (text: string): void => {
      lastAtMs = Date.now();
      if (text.includes('"p-0"') && text.includes('"task_completed"')) sentAtMs.push(lastAtMs);
    };
    await keepSending(server, rows, { eventsPerSecond, forMs: 300, onSent });
    const page = await opened;
    await watchTasks(page);
    const known = sentAtMs.length;
    await keepSending(server, rows, { eventsPerSecond, forMs: MEASURE_MS, onSent });
    await expect(page.locator('.run-figure', { hasText: 'tasks' })).toContainText(
      `${sentAtMs.length.toLocaleString('en-US')} of`,
      { timeout: 60_000 },
    );
    const shown = await shownTasks(page);
    const lags = sentAtMs.map((at, index) => (shown.find(([tasks]) => tasks > index)?.[1] ?? Infinity) - at);
    const measured = lags.slice(known).toSorted((a, b) => a - b);
    const p95 = measured[Math.floor(measured.length * 0.95)] ?? 0;
    const caughtUp = (shown.find(([tasks]) => tasks >= sentAtMs.length)?.[1] ?? Infinity) - lastAtMs;
    print(
      `screen behind the socket, ${String(eventsPerSecond).padStart(5)} events/s  p50 ${median(measured)} ms, p95 ${p95} ms [150 ms] of ${measured.length}; caught up ${Math.max(0, caughtUp)} ms after the last [300 ms]`,
    );
    await server.stop();
  });
}

test('heap of the worker after many events', async ({ browser, context, relayUrl }) => {
  const server = await startLoadServer(PRODUCERS);
  const rows = endlessTraffic(PRODUCERS);
  const page = await context.newPage();
  await page.goto(`${relayUrl}/hub?server=${server.address}`);
  await server.connected();
  const heaps: number[] = [];
  const began = performance.now();
  for (let sent = 0; sent < MANY_EVENTS;) {
    const row = rows.next().value as readonly string[];
    server.send(row);
    sent += row.length;
    await server.drained();
    if (sent >= ((heaps.length + 1) * MANY_EVENTS) / CHECKPOINTS) heaps.push(await hubHeapBytes(browser, page));
  }
  const perSecond = MANY_EVENTS / ((performance.now() - began) / 1000);
  const inMb = heaps.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ');
  print(
    `heap of the worker, ${CHECKPOINTS} times on the way to ${MANY_EVENTS.toLocaleString('en-US')} events  ${inMb} MB [under 300 MB, flat], at ${perSecond.toFixed(0)} events/s`,
  );
  await server.stop();
});
