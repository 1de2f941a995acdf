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

test('the smallest window shows everything, with a review that is far from its end', async ({ page, relayUrl }) => {
  const publisher = await Publisher.connect(relayUrl, 'p-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1', { timeoutMs: 400_000_000, onTimeout: 'ESCALATE_TO_MANAGER' });
  publisher.askForReview('review-2');
  await page.setViewportSize({ width: 320, height: 568 });
  for (const address of ['/reviews?review=', '/producer/x/y', '/history', '/settings']) {
    await page.goto(`${relayUrl}${address}`);
    await expect(page.locator('.bottom .badge')).toBeVisible();
    expect([address, await cutOff(page.locator('html'))]).toEqual([address, 0]);
  }
  await page.goto(`${relayUrl}/reviews`);
  await page.getByRole('button', { name: /4 d 15:0\d:/ }).click();
  await expect(page.getByRole('timer')).toHaveText(/ESCALATE_TO_MANAGER in 4 d 15:0\d:/);
  expect(await cutOff(page.locator('.review'))).toBe(0);
});

test('colours that the system forces leave bars, and what is picked, to be seen', async ({ page, relayUrl }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const publisher = await Publisher.connect(relayUrl, 'p-1');
  publisher.startRun('run-1');
  await page.goto(relayUrl);
  await page.getByRole('link', { name: /p-1/ }).click();
  const styleOf = (locator: Locator, name: string) =>
    locator.evaluate((e, key) => getComputedStyle(e).getPropertyValue(key), name);
  await expect(page.getByRole('option').first()).toBeVisible();
  expect(await styleOf(page.getByRole('option').first(), 'border-top-style')).toBe('solid');
  const system = await page.evaluate(() => {
    const probe = document.createElement('i');
    probe.style.cssText = 'background: Highlight; color: HighlightText; forced-color-adjust: none';
    document.body.append(probe);
    const { backgroundColor, color } = getComputedStyle(probe);
    probe.remove();
    return [backgroundColor, color];
  });
  const picked = [
    page.getByRole('tab', { name: 'Timeline' }),
    page.getByRole('banner').getByRole('link', { name: 'Producers', exact: true }),
    page.locator('.roster-link'),
  ];
  for (const each of picked)
    expect([await styleOf(each, 'background-color'), await styleOf(each, 'color')]).toEqual(system);
  expect(await styleOf(page.locator('.roster-detail'), 'color')).toBe(system[1]);
});

test('the buttons of a review stay in their place, whatever is asked and however small the window', async ({
  page,
  relayUrl,
}) => {
  const publisher = await Publisher.connect(relayUrl, 'p-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1', {
    prompt: 'Is it true? '.repeat(100),
    taskDescription: 'Draft it. '.repeat(40),
    taskOutput: 'A line of it.\n'.repeat(200),
  });
  for (const address of ['/reviews', '/']) {
    await page.goto(`${relayUrl}${address}`);
    await expect(page.locator('.top .badge')).toBeAttached();
    if (address === '/') await page.getByRole('link', { name: /p-1/ }).click();
    for (const [width, height] of [
      [1440, 900],
      [1440, 500],
      [1024, 768],
      [1000, 600],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const name of [/^Approve/, /^Exit early/]) {
        const box = await page.getByRole('button', { name }).boundingBox();
        const isIn = box !== null && box.x + box.width <= width - 8 && box.y + box.height <= height;
        expect({ address, width, height, name: String(name), isIn }).toMatchObject({ isIn: true });
      }
    }
  }
});
