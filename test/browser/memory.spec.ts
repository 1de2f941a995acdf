import type { Page } from '@playwright/test';
import { startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';
import { HubClient, prepareHubClient } from './hub-client.ts';
import { hubHeapBytes } from './hub-process.ts';

/** What may be left, bytes: compiled code and tables that grew once. */
const MAX_LEFT_BYTES = 2_000_000;

interface Load {
  readonly tabs: number;
  readonly sessions: number;
  readonly subscriptions: number;
  readonly reconnects: number;
}

const WARM_UP: Load = { tabs: 3, sessions: 30, subscriptions: 30, reconnects: 10 };
const SHORT: Load = { tabs: 6, sessions: 200, subscriptions: 200, reconnects: 50 };
const LONG: Load = { tabs: 30, sessions: 1000, subscriptions: 1000, reconnects: 1000 };
/** `ROSTRUM_LONG=1 npx playwright test memory` is the long form. */
const isLong = process.env['ROSTRUM_LONG'] === '1';

test('tabs, sessions, subscriptions and reconnects that are over leave nothing in the hub', async ({
  browser,
  page,
  relayUrl,
}) => {
  test.setTimeout(isLong ? 600_000 : 90_000);
  const server = await startCountingHub();
  await prepareHubClient(page);
  await page.goto(`${relayUrl}/hub?server=ws://${server.address}/ws`);
  await server.untilOpened(1);
  const client = await HubClient.inPage(page);

  async function bear({ tabs, sessions, subscriptions, reconnects }: Load): Promise<void> {
    for (let n = 0; n < tabs; n += 3) await Promise.all([openAndClose(page), openAndClose(page), openAndClose(page)]);
    await client.openAndEndSessions(sessions);
    await client.subscribeAndEnd(subscriptions);
    const enough = server.counts.opened + reconnects;
    server.drop();
    const stopDropping = server.onOpened(() => server.drop());
    await client.retryUntil(() => server.counts.opened >= enough);
    stopDropping();
    // The page itself, and the session that asks.
    await expect.poll(async () => (await client.status()).tabs).toBe(2);
  }

  await bear(WARM_UP);
  const before = await hubHeapBytes(browser, page);
  await bear(isLong ? LONG : SHORT);
  let left = 0;
  await expect
    .poll(async () => (left = (await hubHeapBytes(browser, page)) - before), { timeout: 20_000 })
    .toBeLessThan(MAX_LEFT_BYTES);
  process.stdout.write(`left on the heap of the hub: ${left} bytes\n`);
  await server.stop();
});

async function openAndClose(page: Page): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await expect(tab.getByRole('status').first()).toBeVisible();
  await tab.close();
}
