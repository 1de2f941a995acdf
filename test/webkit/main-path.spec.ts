import type { WebDriver } from 'selenium-webdriver';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countStored } from '../browser/count-stored.ts';
import { countViewers } from '../browser/count-viewers.ts';
import { engineFeatures } from '../browser/engine-features.ts';
import { startRelay } from '../browser/start-relay.ts';
import type { RelayProcess } from '../browser/start-relay.ts';
import { startWaitingProcess } from '../browser/waiting-process.ts';
import { documentedFeatures } from '../docs/browser-table.ts';
import { press, runIn, startWebKit, untilSaid, untilTitled } from './webkit.ts';
import type { WebKit } from './webkit.ts';

let webkit: WebKit;
let browser: WebDriver;
let relay: RelayProcess;

beforeEach(async () => {
  webkit = await startWebKit();
  ({ browser } = webkit);
  relay = await startRelay();
});
afterEach(async () => {
  await webkit.stop();
  await relay.stop();
});

async function openWindow(path = '/'): Promise<string> {
  await browser.switchTo().newWindow('window');
  await browser.get(relay.url + path);
  return browser.getWindowHandle();
}

it('the page that the relay serves connects to it, without a setting', async () => {
  await browser.get(relay.url);
  await untilSaid(browser, 'status', / connected$/);
  await untilSaid(browser, 'heading', 'No process has reported yet');
});

it('two windows are one viewer, and a decision in one reaches the process and shows in the other', async () => {
  const publisher = await startWaitingProcess(relay.url);
  await browser.get(relay.url);
  const first = await browser.getWindowHandle();
  await untilTitled(browser, '(1) Rostrum');
  await press(browser, 'link', 'svc-1');
  await untilSaid(browser, 'timer', 'Auto-continue');
  await openWindow();
  await untilTitled(browser, '(1) Rostrum');
  expect(await countViewers(relay.url)).toBe(1);

  await press(browser, 'link', 'svc-1');
  await untilSaid(browser, 'timer', /^Auto-continue in \d:\d\d$/);
  await press(browser, 'button', 'Approve');
  const delivered = await publisher.nextDecision();
  expect(JSON.parse(delivered.text)).toEqual({
    reviewId: 'review-1',
    decisionJson: JSON.stringify({ type: 'review_decision', reviewId: 'review-1', decision: 'CONTINUE' }),
  });
  publisher.completeTask();
  await browser.switchTo().window(first);
  await untilTitled(browser, 'Rostrum');
  await untilSaid(browser, 'status', 'applied');
  expect(publisher.undelivered).toBe(0);
  await publisher.close();
});

it('after a reload the run and the draft are there again, and the edit reaches the process as typed', async () => {
  const publisher = await startWaitingProcess(relay.url);
  await browser.get(`${relay.url}/reviews`);
  await press(browser, 'button', 'Edit');
  const field = await browser.findElement({ css: 'textarea' });
  await field.clear();
  await field.sendKeys('The tide is free — ü');
  await browser.navigate().refresh();
  await expect.poll(() => runIn(browser, () => document.querySelector('textarea')?.value)).toBe('The tide is free — ü');
  expect(await countViewers(relay.url)).toBe(1);
  await press(browser, 'button', 'Submit');
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
  await browser.get(relay.url);
  const home = await browser.getWindowHandle();
  // A page that is loaded before may be shown its service worker as activating for as long as it lives.
  const active = async () => (await navigator.serviceWorker.getRegistration())?.active?.state;
  await expect.poll(() => runIn(browser, active)).toBe('activated');
  await browser.navigate().refresh();
  await expect.poll(() => runIn(browser, () => navigator.serviceWorker.controller?.state)).toBe('activated');
  await untilSaid(browser, 'link', 'svc-1');
  await expect.poll(() => runIn(browser, countStored, 'runs')).toBe(1);
  await browser.switchTo().newWindow('window');
  const later = await browser.getWindowHandle();
  await browser.switchTo().window(home);
  await browser.close();
  await browser.switchTo().window(later);
  await publisher.close();
  await relay.stop();
  await browser.get(relay.url);
  await untilSaid(browser, 'status', /reconnecting/);
  await press(browser, 'link', 'svc-1');
  await untilSaid(browser, 'heading', 'Draft the press release');
  await press(browser, 'link', 'Settings');
  await untilSaid(browser, 'status', /^reconnecting/);
});

it('has what docs/browsers.md says', async () => {
  await browser.get(relay.url);
  expect(await runIn(browser, engineFeatures)).toEqual(documentedFeatures('WebKit'));
});
