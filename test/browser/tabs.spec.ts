import type { BrowserContext, Page } from '@playwright/test';
import { startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';
import { killHub } from './hub-process.ts';
import { Publisher } from './publisher.ts';

/** Opens a page that watches only the counting hub, so that every socket there is one of ours. */
async function openLinked(context: BrowserContext, relayUrl: string, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${relayUrl}/hub?server=ws://${address}/ws`);
  await expect(connected(page, address)).toBeVisible();
  return page;
}

function connected(page: Page, address: string) {
  return page.getByRole('status').filter({ hasText: `${address} connected` });
}

test('tabs that come, go and reload never make a second socket, and none is reopened while a tab lives', async ({
  context,
  relayUrl,
}) => {
  const hub = await startCountingHub();
  const first = await openLinked(context, relayUrl, hub.address);
  const second = await openLinked(context, relayUrl, hub.address);
  const third = await openLinked(context, relayUrl, hub.address);
  await first.reload();
  await expect(connected(first, hub.address)).toBeVisible();
  await second.close();
  await third.reload();
  await expect(connected(third, hub.address)).toBeVisible();
  await first.close();
  const fourth = await openLinked(context, relayUrl, hub.address);
  await third.close();
  await fourth.reload();
  await expect(connected(fourth, hub.address)).toBeVisible();
  expect(hub.counts).toMatchObject({ open: 1, most: 1 });
  await hub.stop();
});

test('while another tab lives, closing and reloading the others reopens nothing', async ({ context, relayUrl }) => {
  const hub = await startCountingHub();
  const stays = await openLinked(context, relayUrl, hub.address);
  for (let round = 0; round < 3; round += 1) {
    const other = await openLinked(context, relayUrl, hub.address);
    await other.reload();
    await expect(connected(other, hub.address)).toBeVisible();
    await other.close();
  }
  await expect(connected(stays, hub.address)).toBeVisible();
  expect(hub.counts).toEqual({ open: 1, opened: 1, most: 1 });
  await hub.stop();
});

test('a hub that dies is noticed, and every tab is served again from one new socket', async ({
  browser,
  context,
  relayUrl,
}) => {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  const hub = await startCountingHub();
  const first = await openLinked(context, relayUrl, hub.address);
  const second = await openLinked(context, relayUrl, hub.address);
  await killHub(browser, first);
  await hub.untilOpened(2);
  publisher.askForReview('review-1');
  for (const tab of [first, second]) {
    await expect(connected(tab, hub.address)).toBeVisible();
    await expect(tab).toHaveTitle('(1) Rostrum');
  }
  expect(hub.counts).toEqual({ open: 1, opened: 2, most: 1 });
  await hub.stop();
  await publisher.close();
});

test('a relay that dies is said, and is back at once on Retry now', async ({ page, relay }) => {
  test.slow();
  await page.goto(`${relay.url}/settings`);
  const sources = page.getByRole('list', { name: 'Sources' });
  await expect(sources.getByRole('status')).toHaveText('connected');
  await relay.kill();
  await expect(sources.getByRole('status')).toHaveText(/^reconnecting/);
  await expect(sources).toContainText('Nothing answers');
  // The waits grow with each attempt: once one is long, being connected at once can only be the button's doing.
  await expect(sources.getByRole('status')).toHaveText(/^reconnecting in 0:(0[8-9]|[1-3]\d)$/, { timeout: 50_000 });
  await relay.restart();
  const publisher = await Publisher.connect(relay.url, 'svc-after');
  publisher.startRun('run-1');
  await page.getByRole('button', { name: 'Retry now' }).click();
  await expect(sources.getByRole('status')).toHaveText('connected', { timeout: 3_000 });
  await page.getByRole('link', { name: 'Producers' }).first().click();
  await expect(page.getByRole('list', { name: 'Producers' }).getByRole('listitem')).toContainText(['svc-after']);
  await publisher.close();
});

test('opened offline, the app starts with its sources and says that they are out of reach', async ({
  context,
  relay,
}) => {
  const first = await context.newPage();
  await first.goto(relay.url);
  await first.evaluate(() => navigator.serviceWorker.ready);
  await first.reload();
  await expect.poll(() => first.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
  await first.close();
  await relay.stop();
  const later = await context.newPage();
  await later.goto(`${relay.url}/settings`);
  const sources = later.getByRole('list', { name: 'Sources' });
  await expect(sources.getByRole('status')).toHaveText(/^reconnecting/);
  await expect(sources).toContainText('Nothing answers');
});
