import { expect, test } from './fixtures.ts';

test('the demo runs inside the page, asks once, and goes on with the answer', async ({
  page,
  relayUrl,
  pageFaults,
}) => {
  await page.goto(relayUrl);
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await expect(page.getByRole('tab', { name: 'Timeline', selected: true })).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Follow latest' })).toBeChecked();
  await expect(page).toHaveTitle('(1) Rostrum', { timeout: 30_000 });
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page.getByRole('region', { name: 'Review' }).getByRole('status')).toHaveText('applied', {
    timeout: 30_000,
  });
  await page.getByRole('tab', { name: 'Conversation' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('tid');
  expect(pageFaults).toEqual([]);
});
