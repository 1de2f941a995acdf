import type { BrowserContext, Page } from '@playwright/test';
import { type CountingHub, startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';
import { startFreezingBrowser } from './freezing-browser.ts';
import { hubsOf } from './hubs-of.ts';

/** Opens a tab of a browser that has no SharedWorker, which watches the counting hub. */
async function openTab(context: BrowserContext, relayUrl: string, hub: CountingHub): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => void Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await page.goto(`${relayUrl}/hub?server=ws://${hub.address}/ws`);
  return page;
}

function isLive(page: Page, hub: CountingHub) {
  return page.getByRole('status').filter({ hasText: `${hub.address} connected` });
}

function standsBy(page: Page) {
  return page.getByRole('heading', { name: 'Rostrum is open in another tab' });
}

async function useHere(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Use here' }).click();
}

test('without SharedWorker one tab is live, Use here moves it there and back, and no source has two sockets', async ({
  context,
  relayUrl,
}) => {
  const hub = await startCountingHub();
  const first = await openTab(context, relayUrl, hub);
  await expect(isLive(first, hub)).toBeVisible();
  const second = await openTab(context, relayUrl, hub);
  await expect(standsBy(second)).toBeVisible();
  await expect(isLive(first, hub)).toBeVisible();
  expect(hub.counts).toEqual({ open: 1, opened: 1, most: 1 });

  await useHere(second);
  await expect(isLive(second, hub)).toBeVisible();
  await expect(standsBy(second)).toBeHidden();
  await expect(standsBy(first)).toBeVisible();
  await second.reload();
  await expect(isLive(second, hub)).toBeVisible();
  await expect(standsBy(first)).toBeVisible();

  await useHere(first);
  await expect(isLive(first, hub)).toBeVisible();
  await expect(standsBy(second)).toBeVisible();
  expect(hub.counts).toMatchObject({ open: 1, most: 1 });
  expect(await hubsOf(first)).toHaveLength(2);
  await hub.stop();
});

test('the tab that stands by becomes live when the live one is closed, and a reload does not lose it', async ({
  context,
  relayUrl,
}) => {
  const hub = await startCountingHub();
  const first = await openTab(context, relayUrl, hub);
  await expect(isLive(first, hub)).toBeVisible();
  await first.reload();
  await expect(isLive(first, hub)).toBeVisible();
  const second = await openTab(context, relayUrl, hub);
  await expect(standsBy(second)).toBeVisible();
  await first.close();
  await expect(isLive(second, hub)).toBeVisible();
  expect(hub.counts).toMatchObject({ open: 1, most: 1 });
  await hub.stop();
});

test('a live tab that is frozen loses the hub to Use here, and does not take it back when it thaws', async ({
  relayUrl,
}) => {
  const { context, freeze, thaw, close } = await startFreezingBrowser();
  const hub = await startCountingHub();
  const frozen = await openTab(context, relayUrl, hub);
  await expect(isLive(frozen, hub)).toBeVisible();
  const here = await openTab(context, relayUrl, hub);
  await expect(standsBy(here)).toBeVisible();
  await freeze(frozen);
  await useHere(here);
  await expect(isLive(here, hub)).toBeVisible();
  await thaw(frozen);
  await expect(standsBy(frozen)).toBeVisible();
  await expect(isLive(here, hub)).toBeVisible();
  await expect.poll(() => hub.counts.open).toBe(1);
  await close();
  await hub.stop();
});

test('runs under the served policy without a fault', async ({ context, page, relayUrl, pageFaults }) => {
  await page.addInitScript(() => void Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await page.goto(relayUrl);
  await expect(page.getByRole('status').filter({ hasText: 'connected' }).first()).toBeVisible();
  const other = await context.newPage();
  await other.addInitScript(() => void Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await other.goto(relayUrl);
  await expect(standsBy(other)).toBeVisible();
  expect(pageFaults).toEqual([]);
});
