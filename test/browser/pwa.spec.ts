import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

test('Chromium finds nothing against installing the app', async ({ context, page, relayUrl }) => {
  await page.goto(relayUrl);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // An incognito window, which is what a test's context is, is never offered to install: that is not about the app.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? '{}')).toMatchObject({ name: 'Rostrum', display: 'standalone', start_url: '/' });
});

test('the cache for offline use holds the worker', async ({ page, relayUrl }) => {
  await page.goto(relayUrl);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cached = await page.evaluate(async () => {
    const names = await caches.keys();
    const caches_ = await Promise.all(names.map((name) => caches.open(name)));
    const requests = await Promise.all(caches_.map((cache) => cache.keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(cached.some((path) => path.endsWith('.html'))).toBe(true);
  expect(cached.filter((path) => /^\/assets\/.*\.js$/.test(path)).length).toBeGreaterThan(1);
});

test('one tab counts the open reviews on the icon, and the next one does when that is closed', async ({
  context,
  relayUrl,
}) => {
  await context.addInitScript(() => {
    const shown: number[] = [];
    Object.assign(globalThis, { shown });
    Navigator.prototype.setAppBadge = async (count = 0) => void shown.push(count);
  });
  const shownIn = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(globalThis, 'shown') as unknown);
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  const [first, second] = [await context.newPage(), await context.newPage()];
  await first.goto(relayUrl);
  await expect.poll(() => shownIn(first)).toEqual([0]);
  await second.goto(relayUrl);
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  await expect(first).toHaveTitle('(1) Rostrum');
  await expect(second).toHaveTitle('(1) Rostrum');
  expect([await shownIn(first), await shownIn(second)]).toEqual([[0, 1], []]);
  await first.close();
  await expect.poll(() => shownIn(second)).toEqual([1]);
  await publisher.close();
});
