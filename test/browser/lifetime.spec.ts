import type { Page } from '@playwright/test';
import { startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';
import { startFreezingBrowser } from './freezing-browser.ts';
import { evaluateInHub } from './hub-process.ts';
import { hubsOf } from './hubs-of.ts';

function connected(page: Page, address: string) {
  return page.getByRole('status').filter({ hasText: `${address} connected` });
}

/** Whether the browser reads the option `extendedLifetime` when it makes a SharedWorker. */
function knowsExtendedLifetime(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    let isRead = false;
    const options = {
      get extendedLifetime() {
        isRead = true;
        return false;
      },
    };
    try {
      void new SharedWorker('data:text/javascript,', options as WorkerOptions);
    } catch {
      // A page without an address may have no worker; the options were read before that.
    }
    return isRead;
  });
}

test('the hub and its sockets outlive the reload of the only tab where the browser can do that', async ({
  page,
  relayUrl,
}) => {
  const isExtended = await knowsExtendedLifetime(page);
  const hub = await startCountingHub();
  await page.goto(`${relayUrl}/hub?server=ws://${hub.address}/ws`);
  await expect(connected(page, hub.address)).toBeVisible();
  const before = await hubsOf(page);
  expect(before).toHaveLength(1);
  await page.reload();
  await expect(connected(page, hub.address)).toBeVisible();
  const after = await hubsOf(page);
  if (isExtended) expect(after).toEqual(before);
  else expect(after).not.toEqual(before);
  expect(hub.counts).toEqual({ open: 1, opened: isExtended ? 1 : 2, most: 1 });
  await hub.stop();
});

test('what the hub does not catch is said in every tab, and the hub goes on', async ({
  browser,
  context,
  relayUrl,
}) => {
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(relayUrl);
    await expect(tab.getByRole('status').filter({ hasText: 'connected' }).first()).toBeVisible();
  }
  await evaluateInHub(browser, relayUrl, "void setTimeout(() => { throw new TypeError('planted') })");
  for (const tab of tabs) {
    await expect(tab.getByText('Something went wrong in the hub, which goes on: TypeError: planted')).toBeVisible();
  }
  await evaluateInHub(browser, relayUrl, "void Promise.reject(new RangeError('planted too'))");
  const [first] = tabs as [Page];
  await expect(first.getByText('RangeError: planted too')).toBeVisible();
  await first.getByRole('link', { name: 'Settings' }).first().click();
  await expect(first.getByText('RangeError: planted too').last()).toBeVisible();
});

test('a frozen tab is sent no more than it has credit for, and is up to date as soon as it thaws', async ({
  relayUrl,
}) => {
  const { context, freeze, thaw, close } = await startFreezingBrowser();
  const hub = await startCountingHub();
  const awake = await context.newPage();
  const frozen = await context.newPage();
  await countFrames(frozen);
  for (const tab of [frozen, awake]) {
    await tab.bringToFront();
    await tab.goto(`${relayUrl}/hub?server=ws://${hub.address}/ws`);
    await expect(connected(tab, hub.address)).toBeVisible();
  }
  hub.send(review(1));
  for (const tab of [awake, frozen]) await expect(tab).toHaveTitle('(1) Rostrum');
  const before = await framesOf(frozen);
  await freeze(frozen);
  // One at a time and seen by the tab that is awake: each is a batch of its own, for the frozen one as well.
  const sent = 80;
  for (let n = 2; n <= sent; n += 1) {
    hub.send(review(n));
    await expect(awake).toHaveTitle(`(${n}) Rostrum`);
  }
  await thaw(frozen);
  await expect(frozen).toHaveTitle(`(${sent}) Rostrum`);
  // 50 batches without an answer, and the snapshot that follows them.
  expect((await framesOf(frozen)) - before).toBeLessThanOrEqual(50 + 1);
  await close();
  await hub.stop();
});

test('a tab that crashes is let go by the hub', async ({ context, relayUrl }) => {
  const stays = await context.newPage();
  await stays.goto(`${relayUrl}/settings`);
  await expect(tabs(stays)).toHaveText('1');
  const crashes = await context.newPage();
  await crashes.goto(relayUrl);
  await expect(tabs(stays)).toHaveText('2');
  const session = await context.newCDPSession(crashes);
  session.send('Page.crash').catch(() => undefined);
  await expect(tabs(stays)).toHaveText('1');
});

/** How many tabs the hub says that it has. */
function tabs(page: Page) {
  return page.locator('dt', { hasText: 'Tabs' }).locator('+ dd');
}

/** The nth event of the one producer there is: it waits for the nth review. */
function review(n: number) {
  const message = {
    type: 'review_requested',
    reviewId: `r-${n}`,
    taskDescription: 'Draft',
    taskOutput: 'The tide.',
    timing: 'AFTER_EXECUTION',
    timeoutMs: 0,
    onTimeout: 'CONTINUE',
  };
  const receivedAt = new Date().toISOString();
  return { type: 'event', producer: { producerId: 'p-1' }, sequence: n, receivedAt, message };
}

/** How many frames of what a hidden tab gets have come to a page. */
function framesOf(page: Page): Promise<number> {
  return page.evaluate(() => (Reflect.get(globalThis, 'framesByView') as Record<string, number>)['attention'] ?? 0);
}

/** Counts, in a page, the frames that its hub sends, by view. */
async function countFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counts: Record<string, number> = {};
    Reflect.set(globalThis, 'framesByView', counts);
    const Original = SharedWorker;
    class CountedWorker extends Original {
      constructor(url: string, options?: WorkerOptions) {
        super(url, options);
        this.port.addEventListener('message', ({ data }: MessageEvent<{ view?: string }>) => {
          if (data.view !== undefined) counts[data.view] = (counts[data.view] ?? 0) + 1;
        });
      }
    }
    Reflect.set(globalThis, 'SharedWorker', CountedWorker);
  });
}
