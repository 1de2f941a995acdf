import { readFileSync, readdirSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Publisher } from '../browser/publisher.ts';
import { startRelay } from '../browser/start-relay.ts';
import { launchFirefox, press, untilSaid, untilTitled } from './firefox.ts';

let firefox: Browser;

beforeAll(async () => {
  // Without service workers the only worker there is is the hub; its process can then be told by its threads.
  firefox = await launchFirefox({ 'dom.serviceWorkers.enabled': false });
});
afterAll(() => firefox.close());

/** The processes of this Firefox that run workers of pages. */
function workerProcesses(): number[] {
  const parent = `-parentPid ${String(firefox.process()?.pid)} `;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && runsWorkers(name, parent))
    .map(Number);
}

function runsWorkers(pid: string, parent: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(parent)) return false;
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.some((id) => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim() === 'DOM Worker');
  } catch {
    return false; // it ended while it was looked at
  }
}

it('when the process of the hub crashes, the tabs in other processes go on with a new hub', async () => {
  const relay = await startRelay();
  const publisher = await Publisher.connect(relay.url, 'svc-1');
  publisher.startRun('run-1');
  // Each tab has a process of its own; the hub lives in that of the first.
  const tabs = [];
  for (let n = 0; n < 3; n += 1) {
    const tab = await firefox.newPage();
    await tab.goto(relay.url);
    await untilSaid(tab, 'link', 'svc-1');
    tabs.push(tab);
  }
  const processes = workerProcesses();
  expect(processes).toHaveLength(1);
  for (const pid of processes) process.kill(pid, 'SIGKILL');
  publisher.askForReview('review-1');
  const survivors = tabs.slice(1);
  for (const tab of survivors) await untilTitled(tab, '(1) Rostrum');
  const last = survivors.at(-1);
  if (last === undefined) throw new Error('No tab is left.');
  await last.bringToFront();
  await press(last, 'link', 'svc-1');
  await press(last, 'button', 'Approve');
  expect((await publisher.nextDecision()).reviewId).toBe('review-1');
  await publisher.close();
  await relay.stop();
});
