import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

async function openTabs(context: BrowserContext, url: string, count: number): Promise<Page[]> {
  const tabs: Page[] = [];
  for (let n = 0; n < count; n += 1) {
    const tab = await context.newPage();
    await tab.goto(url);
    tabs.push(tab);
  }
  return tabs;
}

async function viewersAt(page: Page, relayUrl: string): Promise<number> {
  const status = (await (await page.request.get(`${relayUrl}/api/status`)).json()) as { viewers: number };
  return status.viewers;
}

test('the page shows its own relay as connected, without a setting', async ({ page, relayUrl, pageFaults }) => {
  await page.goto(relayUrl);
  await expect(page.getByRole('status').filter({ hasText: 'connected' }).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'No process has reported yet' })).toBeVisible();
  expect(pageFaults).toEqual([]);
});

test('three tabs are one viewer, and a decision in one reaches the process and shows in all', async ({
  context,
  relayUrl,
}) => {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  const tabs = await openTabs(context, relayUrl, 3);
  for (const tab of tabs) {
    await expect(tab).toHaveTitle('(1) Rostrum');
    const line = tab.getByRole('list', { name: 'Producers' }).getByRole('listitem');
    await expect(line).toContainText(['svc-1']);
    await expect(line).toContainText(['svc']);
    await expect(line).toContainText(['waiting for you']);
    await line.getByRole('link').click();
  }
  const second = tabs[1] as Page;
  expect(await viewersAt(second, relayUrl)).toBe(1);

  await expect(second.getByRole('timer')).toHaveText(/^Auto-continue in \d:\d\d$/);
  await second.getByRole('button', { name: /^Approve/ }).click();
  const delivered = await publisher.nextDecision();
  expect(JSON.parse(delivered.text)).toEqual({
    reviewId: 'review-1',
    decisionJson: JSON.stringify({ type: 'review_decision', reviewId: 'review-1', decision: 'CONTINUE' }),
  });
  for (const tab of tabs) {
    await expect(tab.getByRole('region', { name: 'Review' }).getByRole('status')).toHaveText('sent');
    await expect(tab).toHaveTitle('Rostrum');
  }

  publisher.completeTask();
  for (const tab of tabs) {
    await expect(tab.getByRole('region', { name: 'Review' }).getByRole('status')).toHaveText('applied');
  }
  expect(publisher.undelivered).toBe(0);
  await publisher.close();
});

test('an edit reaches the process as it was typed, and a draft survives a reload', async ({ page, relayUrl }) => {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  await page.goto(`${relayUrl}/reviews`);
  await page.getByRole('button', { name: /^Edit/ }).click();
  const field = page.getByRole('textbox', { name: 'Revised output' });
  await expect(field).toHaveValue('The tide is free.');
  await field.fill('The tide is free — ü\n<script>x</script>');
  await page.reload();
  await expect(field).toHaveValue('The tide is free — ü\n<script>x</script>');
  await page.getByRole('button', { name: 'Submit' }).click();
  expect((await publisher.nextDecision()).decision).toEqual({
    type: 'review_decision',
    reviewId: 'review-1',
    decision: 'EDIT',
    revisedOutput: 'The tide is free — ü\n<script>x</script>',
  });
  await publisher.close();
});

async function metrics(relayUrl: string): Promise<string> {
  return (await fetch(`${relayUrl}/metrics`)).text();
}

test('a process that comes back and says nothing still gets the decision made while it was away', async ({
  page,
  relayUrl,
}) => {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  await page.goto(`${relayUrl}/reviews`);
  await expect(page.getByRole('button', { name: /^Approve/ })).toBeVisible();
  await publisher.drop();
  // A decision that is made before the relay has noticed goes out on the broken connection.
  await expect.poll(() => metrics(relayUrl)).toMatch(/^rostrum_publishers 0$/m);
  await page.keyboard.press('x');
  await expect(page.getByRole('region', { name: 'Review' }).getByRole('status')).toHaveText('held');
  await publisher.comeBack();
  expect((await publisher.nextDecision()).decision.decision).toBe('EXIT_EARLY');
  await expect(page.getByRole('region', { name: 'Review' }).getByRole('status')).toHaveText('sent');
  await publisher.close();
});

test('a producer of any name has an address of its own, which a reload finds again', async ({
  page,
  relayUrl,
  pageFaults,
}) => {
  const publisher = await Publisher.connect(relayUrl, 'svc 50%zz/é');
  publisher.startRun('run-1');
  await page.goto(relayUrl);
  await page.getByRole('list', { name: 'Producers' }).getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Draft the press release' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Draft the press release' })).toBeVisible();
  expect(pageFaults).toEqual([]);
  await publisher.close();
});
