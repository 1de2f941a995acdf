import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe finds against the page, each as rule and element. It is evaluated, not added: the page's policy allows no scripts but its own. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const report = await page.evaluate(async () => {
    const inPage = globalThis as unknown as { axe: { run: () => Promise<AxeReport> } };
    return inPage.axe.run();
  });
  return report.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is free of what axe finds, ${colorScheme}`, async ({ browser, relayUrl }) => {
    test.slow();
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(relayUrl);
    await expect(page.getByRole('heading', { name: 'No process has reported yet' })).toBeVisible();
    expect(await violations(page)).toEqual([]);

    const publisher = await Publisher.connect(relayUrl, 'svc-1');
    publisher.startRun('run-1');
    publisher.askForReview('review-1');
    await page.getByRole('list', { name: 'Producers' }).getByRole('link').click();
    await expect(page.getByRole('timer')).toBeVisible();
    for (const tab of ['Timeline', 'Conversation', 'Tools']) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByRole('tab', { name: tab, selected: true })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    }
    await page
      .getByRole('link', { name: /^Reviews/ })
      .first()
      .click();
    await expect(page.getByRole('timer')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'History' }).first().click();
    await expect(page.getByRole('list', { name: 'Runs' }).getByRole('listitem').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await publisher.close();
    await context.close();
  });
}

test('a review is found and answered with the keyboard alone', async ({ page, relayUrl }) => {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  await page.goto(relayUrl);
  const producer = page.getByRole('list', { name: 'Producers' }).getByRole('link');
  await expect(producer).toBeVisible();
  for (let n = 0; n < 20 && !(await producer.evaluate((link) => link === document.activeElement)); n += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('timer')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByRole('textbox', { name: 'Revised output' })).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(' And it is late.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect((await publisher.nextDecision()).decision).toMatchObject({
    decision: 'EDIT',
    revisedOutput: 'The tide is free. And it is late.',
  });
  await publisher.close();
});
