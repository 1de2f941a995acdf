import { expect, test } from './fixtures.ts';

test('the page that the relay serves comes up without a fault', async ({ page, relayUrl, pageFaults }) => {
  await page.goto(relayUrl);
  await expect(page).toHaveTitle(/Rostrum/);
  await expect(page.locator('#root')).not.toBeEmpty();
  expect(pageFaults).toEqual([]);
});

test('the relay serves the page under a policy that refuses strings as code', async ({ page, relayUrl }) => {
  const response = await page.goto(relayUrl);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain('trusted-types app');
  expect(policy).toContain("script-src 'self'");
});

test('a relay that was killed comes back where it was', async ({ page, relay }) => {
  await page.goto(relay.url);
  await relay.kill();
  await expect(page.request.get(relay.url)).rejects.toThrow();
  await relay.restart();
  expect((await page.request.get(relay.url)).status()).toBe(200);
});

test('an address that is no page says so, and leads on', async ({ page, relayUrl, pageFaults }) => {
  await page.goto(`${relayUrl}/producers/of/nothing`);
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expect(page.locator('[aria-current=page]')).toHaveCount(0);
  await page.getByRole('link', { name: 'Go to the producers' }).click();
  await expect(page.getByRole('heading', { name: 'No process has reported yet' })).toBeVisible();
  expect(pageFaults).toEqual([]);
});
