import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

const ADDRESSES = ['localhost:9', '127.0.0.1:9', 'a-host-with-a-long-name-of-its-own.invalid:7329', 'localhost:1'];
const WIDTHS = [1440, 1001, 800, 768, 500, 390];

async function addBrokenSources(page: Page): Promise<void> {
  for (const address of ADDRESSES) {
    await page.getByRole('textbox', { name: 'Address of a producer or hub' }).fill(address);
    await page.getByRole('button', { name: 'Connect' }).click();
  }
  await expect(page.getByRole('button', { name: 'Retry now' }).nth(ADDRESSES.length - 1)).toBeVisible();
}

/** How many px of an element's content do not fit into it. */
async function cutOff(locator: Locator): Promise<number> {
  return locator.evaluate((element) => element.scrollWidth - element.clientWidth);
}

/** Pairs of a source's words and its buttons that lie on each other. */
async function overlaps(page: Page): Promise<number> {
  return page.evaluate(() => {
    const lines = [...document.querySelectorAll('.source-line')];
    const boxesOf = (line: Element, what: string) =>
      [...line.querySelectorAll(what)].map((e) => e.getBoundingClientRect());
    return lines.flatMap((line) =>
      boxesOf(line, '.source-status, .source-reason, .source-note, .source-label').flatMap((words) =>
        boxesOf(line, '.source-acts button').filter(
          (act) => words.right > act.left && act.right > words.left && words.bottom > act.top && act.bottom > words.top,
        ),
      ),
    ).length;
  });
}

test('sources that are out of reach have room for their words at any width', async ({ page, relayUrl }) => {
  await page.goto(`${relayUrl}/settings`);
  await addBrokenSources(page);
  for (const address of ['/settings', '/']) {
    await page.goto(`${relayUrl}${address}`);
    await expect(page.locator('.source-line').nth(ADDRESSES.length)).toBeVisible();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const found = { cut: await cutOff(page.locator('.top')), overlaps: await overlaps(page) };
      expect({ address, width, ...found }).toEqual({ address, width, cut: 0, overlaps: 0 });
    }
  }
});

test('a name that is written from right to left is cut off at its end', async ({ page, relayUrl }) => {
  const name = 'שירות-הכתיבה-של-העיתון-היומי-הגדול-ביותר-בעיר';
  const publisher = await Publisher.connect(relayUrl, name);
  publisher.startRun('run-1');
  await page.goto(relayUrl);
  const shown = page.locator('.roster-name').filter({ hasText: name });
  await expect(shown).toBeVisible();
  // Its first letter stands at its right edge, where such a name begins.
  const gap = await shown.evaluate((element) => {
    const range = document.createRange();
    range.setStart(element.firstChild ?? element, 0);
    range.setEnd(element.firstChild ?? element, 1);
    return element.getBoundingClientRect().right - range.getBoundingClientRect().right;
  });
  expect(Math.abs(gap)).toBeLessThan(2);
});
