import { expect, test } from './fixtures.ts';

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
