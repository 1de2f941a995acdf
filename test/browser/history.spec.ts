import { randomBytes } from 'node:crypto';
import type { BrowserContext, Page } from '@playwright/test';
import { countStored } from './count-stored.ts';
import { expect, test } from './fixtures.ts';
import { killHub } from './hub-process.ts';
import { Publisher } from './publisher.ts';

const MINUTE_MS = 60_000;

/** Waits until the storage of the page holds so many records of events, and no run is open. */
async function untilStored(page: Page, records: number): Promise<void> {
  await expect.poll(() => page.evaluate(countStored, 'events' as const)).toBe(records);
}

/** Damages the first records of events in ways that they could be damaged. */
async function damageRecords(count: number): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('rostrum');
    request.addEventListener('success', () => resolve(request.result));
  });
  const transaction = database.transaction('events', 'readwrite');
  const events = transaction.objectStore('events');
  const keys = events.getAllKeys();
  keys.addEventListener('success', () => {
    const damages = [
      7,
      null,
      { version: 1 },
      { version: 1, texts: [7] },
      { version: 1, texts: ['{'] },
      { version: 9, texts: [] },
    ];
    for (const [index, key] of keys.result.slice(0, count).entries()) events.put(damages[index % damages.length], key);
  });
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  database.close();
}

/** A page that its service worker serves, so that it opens without its relay. */
async function openInstalled(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  return page;
}

function publishRun(publisher: Publisher, name: string): void {
  publisher.startRun(name, `Task of ${name}`);
  publisher.completeTask(`Task of ${name}`);
  publisher.publish({
    type: 'ensemble_completed',
    ensembleId: name,
    completedAt: new Date().toISOString(),
    durationMs: 1500,
    exitReason: 'COMPLETED',
    totalTokens: 12,
    totalToolCalls: 0,
  });
}

/** A tool call whose result cannot be compressed, so that it takes the room that it seems to take. */
function toolCall(chars: number): Record<string, unknown> {
  const toolResult = randomBytes((chars * 3) / 4).toString('base64');
  return { type: 'tool_called', agentRole: 'Writer', taskIndex: 1, toolName: 'search', durationMs: 1, toolResult };
}

function roster(page: Page): Promise<string[]> {
  return page.getByRole('list', { name: 'Producers' }).getByRole('listitem').allInnerTexts();
}

function withoutAges(texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll(/\d+ (?:s|min)|now/g, 'AGE').replaceAll(/\d+:\d\d/g, 'CLOCK'));
}

test('a new hub shows offline what the one before it knew', async ({ browser, context, relay }) => {
  const page = await openInstalled(context, relay.url);
  const publisher = await Publisher.connect(relay.url, 'svc-1');
  publishRun(publisher, 'run-1');
  publisher.startRun('run-2', 'Draft the press release');
  const other = await Publisher.connect(relay.url, 'svc-2');
  publishRun(other, 'run-3');
  await expect(page.getByRole('list', { name: 'Producers' }).getByRole('listitem')).toHaveCount(2);
  await expect(page.getByText('1 task · 12 tokens')).toBeVisible();
  await untilStored(page, 3);
  const before = withoutAges(await roster(page));
  // With its publishers, so that the relay cannot say that they have gone.
  await relay.kill();
  await killHub(browser, page);
  await page.close();
  const again = await context.newPage();
  await again.goto(relay.url);
  await expect(again.getByRole('list', { name: 'Producers' }).getByRole('listitem')).toHaveCount(2);
  expect(withoutAges(await roster(again))).toEqual(before);
  await again.getByRole('link', { name: /svc-1/ }).click();
  await expect(again.getByRole('combobox').first()).toContainText('run 2 of 2');
  await expect(again.getByText('Draft the press release').first()).toBeVisible();
});

test('a run of a source that is gone is opened, pinned and deleted in the history', async ({ page, relayUrl }) => {
  await page.goto(relayUrl);
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publishRun(publisher, 'run-1');
  publishRun(publisher, 'run-2');
  await untilStored(page, 2);
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page
    .getByRole('button', { name: /^Remove/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'History' }).first().click();
  const runs = page.getByRole('list', { name: 'Runs' });
  await expect(runs.getByRole('listitem')).toHaveCount(2);
  await runs.getByRole('button', { name: 'Pin run: Task of run-1' }).click();
  await expect(runs.getByRole('button', { name: 'Pin run: Task of run-1' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('searchbox', { name: 'Filter runs' }).fill('pinned');
  await expect(runs.getByRole('listitem')).toHaveCount(1);
  await runs.getByRole('link').click();
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
  await expect(page.getByText('Task of run-1').first()).toBeVisible();
  // The address of a run is all that it takes.
  await page.reload();
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(runs.getByRole('listitem')).toHaveCount(1);
  await expect(runs).toContainText('Task of run-2');
  await untilStored(page, 1);
  await publisher.close();
});

test('20 damaged records cost only themselves', async ({ browser, context, relay }) => {
  test.setTimeout(2 * MINUTE_MS);
  const page = await openInstalled(context, relay.url);
  for (let index = 0; index < 5; index += 1) {
    const publisher = await Publisher.connect(relay.url, `svc-${index}`);
    for (let run = 0; run < 6; run += 1) publishRun(publisher, `run-${run}`);
  }
  await untilStored(page, 30);
  await relay.kill();
  await page.evaluate(damageRecords, 20);
  await killHub(browser, page);
  await page.close();
  const again = await context.newPage();
  await again.goto(relay.url);
  await expect(again.getByText('20 records of the history could not be read')).toBeVisible();
  await again.goto(`${relay.url}/history`);
  await expect(again.getByText(/^30 runs/)).toBeVisible();
  // The last of them are whole.
  await again.getByRole('searchbox', { name: 'Filter runs' }).fill('svc-4 run-5');
  await again.getByRole('list', { name: 'Runs' }).getByRole('link').click();
  await expect(again.getByText('Task of run-5').first()).toBeVisible();
});

test('goes on in memory when the storage is full, and says so', async ({ context, page, relayUrl }) => {
  // Chromium remembers for a while how much room there is: it has to be little before anything is written.
  await page.goto(`${relayUrl}/api/status`);
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: relayUrl, quotaSize: 1_500_000 });
  await page.goto(relayUrl);
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1', 'Count the votes');
  for (let index = 0; index < 12; index += 1) publisher.publish(toolCall(500_000));
  await expect(page.getByText('The storage of this page is full.').first()).toBeVisible();
  publisher.startRun('run-2', 'Call the winner');
  await expect(page.getByText('Call the winner').first()).toBeVisible();
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await expect(page.getByText('everything is kept only until the last tab is closed')).toBeVisible();
  await publisher.close();
});

test('scrolling on from a limit does not lower it, which would delete runs', async ({ page, relayUrl }) => {
  await page.setViewportSize({ width: 1000, height: 600 });
  await page.goto(`${relayUrl}/settings`);
  const limit = page.getByRole('spinbutton', { name: 'Runs of one producer' });
  await limit.click();
  await limit.hover();
  await page.mouse.wheel(0, 100);
  await expect.poll(() => page.locator('main').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  await expect(limit).toHaveValue('10');
});

test('a limit that is stepped down holds only once its field is left, and Escape takes it back', async ({
  page,
  relayUrl,
}) => {
  await page.goto(`${relayUrl}/settings`);
  const limit = page.getByRole('spinbutton', { name: 'Runs of one producer' });
  await expect(limit).toHaveValue('10');
  await limit.press('ArrowDown');
  await expect(limit).toHaveValue('9');
  await limit.press('Escape');
  await limit.blur();
  await page.reload();
  await expect(limit).toHaveValue('10');
  await limit.press('ArrowDown');
  await limit.press('Tab');
  await page.reload();
  await expect(limit).toHaveValue('9');
});
