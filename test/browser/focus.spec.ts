import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

/** Whether the keyboard is in the page, below the top bar, and stays there with the next Tab. */
async function isInPage(page: Page): Promise<boolean[]> {
  const read = () => page.evaluate(() => document.querySelector('main')?.contains(document.activeElement) === true);
  const isIn = await read();
  await page.keyboard.press('Tab');
  return [isIn, await read()];
}

async function follow(page: Page, link: string | RegExp): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: link }).first().focus();
  await page.keyboard.press('Enter');
}

test('the keyboard goes on in the page that a link led to', async ({ page, relayUrl, pageFaults }) => {
  const publisher = await Publisher.connect(relayUrl, 'p-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  await page.goto(`${relayUrl}/reviews`);
  await follow(page, /show its run/);
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
  expect(await isInPage(page)).toEqual([true, true]);
  await page.goBack();
  await expect(page.getByRole('navigation', { name: 'All reviews' })).toBeVisible();
  expect(await isInPage(page)).toEqual([true, true]);
  expect(pageFaults).toEqual([]);
});

test('on a phone it does not stay in the roster, which is not to be seen any more', async ({ page, relayUrl }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const publisher = await Publisher.connect(relayUrl, 'p-1');
  publisher.startRun('run-1');
  await page.goto(relayUrl);
  await follow(page, /p-1/);
  await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
  expect(await isInPage(page)).toEqual([true, true]);
});

test('it stays on a link of the navigation, and every page has a name', async ({ page, relayUrl }) => {
  await page.goto(relayUrl);
  for (const name of ['Reviews', 'History', 'Settings']) {
    const link = page.getByRole('banner').getByRole('link', { name });
    await link.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main', { name })).toBeVisible();
    await expect(page).toHaveTitle(`${name} · Rostrum`);
    await expect(link).toBeFocused();
  }
});
