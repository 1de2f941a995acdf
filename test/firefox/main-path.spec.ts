import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { documentedFeatures } from '../docs/browser-table.ts';
import { countStored } from '../browser/count-stored.ts';
import { countViewers } from '../browser/count-viewers.ts';
import { engineFeatures } from '../browser/engine-features.ts';
import { startRelay } from '../browser/start-relay.ts';
import type { RelayProcess } from '../browser/start-relay.ts';
import { startWaitingProcess } from '../browser/waiting-process.ts';
import { collectPageFaults, launchFirefox, press, untilSaid, untilTitled } from './firefox.ts';

let firefox: Browser;
let context: BrowserContext;
let relay: RelayProcess;

beforeAll(async () => {
  firefox = await launchFirefox();
});
afterAll(() => firefox.close());
beforeEach(async () => {
  // Cookies, storage and workers of its own, so that each test begins with a hub that knows nothing.
  context = await firefox.createBrowserContext();
  relay = await startRelay();
});
afterEach(async () => {
  await context.close();
  await relay.stop();
});

async function openTab(path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(relay.url + path);
  return page;
}

it('the page that the relay serves connects to it, without a setting and without a fault', async () => {
  const page = await context.newPage();
  const faults = await collectPageFaults(page);
  await page.goto(relay.url);
  await untilSaid(page, 'status', / connected$/);
  await untilSaid(page, 'heading', 'No process has reported yet');
  expect(faults).toEqual([]);
});

it('two tabs are one viewer, and a decision in one reaches the process and shows in the other', async () => {
  const publisher = await startWaitingProcess(relay.url);
  const first = await openTab();
  await untilTitled(first, '(1) Rostrum');
  await press(first, 'link', 'svc-1');
  await untilSaid(first, 'timer', 'Auto-continue');
  const second = await openTab();
  await untilTitled(second, '(1) Rostrum');
  expect(await countViewers(relay.url)).toBe(1);

  await press(second, 'link', 'svc-1');
  await untilSaid(second, 'timer', /^Auto-continue in \d:\d\d$/);
  await press(second, 'button', 'Approve');
  const delivered = await publisher.nextDecision();
  expect(JSON.parse(delivered.text)).toEqual({
    reviewId: 'review-1',
    decisionJson: JSON.stringify({ type: 'review_decision', reviewId: 'review-1', decision: 'CONTINUE' }),
  });
  await untilTitled(first, 'Rostrum');
  publisher.completeTask();
  await first.bringToFront();
  await untilSaid(first, 'status', 'applied');
  expect(publisher.undelivered).toBe(0);
  await publisher.close();
});

it('after a reload the run and the draft are there again, and the edit reaches the process as typed', async () => {
  const publisher = await startWaitingProcess(relay.url);
  const page = await openTab('/reviews');
  await press(page, 'button', 'Edit');
  const field = page.locator('::-p-aria([name="Revised output"][role="textbox"])');
  await field.fill('The tide is free — ü');
  await page.reload();
  await expect.poll(() => page.$eval('textarea', ({ value }) => value)).toBe('The tide is free — ü');
  expect(await countViewers(relay.url)).toBe(1);
  await press(page, 'button', 'Submit');
  expect((await publisher.nextDecision()).decision).toEqual({
    type: 'review_decision',
    reviewId: 'review-1',
    decision: 'EDIT',
    revisedOutput: 'The tide is free — ü',
  });
  await publisher.close();
});

it('opened offline after the last tab was closed, the app shows what it knew, and says what is out of reach', async () => {
  const publisher = await startWaitingProcess(relay.url);
  const page = await openTab();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  await untilSaid(page, 'link', 'svc-1');
  await expect.poll(() => page.evaluate(countStored, 'runs' as const)).toBe(1);
  await page.close();
  await publisher.close();
  await relay.stop();
  const later = await openTab();
  // The line about the source that is out of reach moves the roster down; only then is the row where it stays.
  await untilSaid(later, 'status', /reconnecting/);
  await press(later, 'link', 'svc-1');
  await untilSaid(later, 'heading', 'Draft the press release');
  await press(later, 'link', 'Settings');
  await untilSaid(later, 'status', /^reconnecting/);
});

it('has what docs/browsers.md says', async () => {
  const page = await openTab();
  expect(await page.evaluate(engineFeatures)).toEqual(documentedFeatures('Firefox'));
});
