import { startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';

test('a link to this machine connects at once, with the names that it gives', async ({ page, relayUrl }) => {
  const [kitchen, bar] = [await startCountingHub(), await startCountingHub()];
  await page.goto(`${relayUrl}/network?ensembles=kitchen:ws://${kitchen.address}/ws,bar:ws://${bar.address}/ws`);
  await expect(page.getByRole('status').filter({ hasText: 'kitchen connected' })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'bar connected' })).toBeVisible();
  await expect(page).toHaveURL(`${relayUrl}/`);
  await kitchen.stop();
  await bar.stop();
});

test('a link to anywhere else fills in the address and asks', async ({ page, relayUrl }) => {
  await page.goto(`${relayUrl}/live?server=ws://ensembles.example:7329/ws`);
  await expect(page.getByRole('heading', { name: 'Connect to what this link names?' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Address of a producer or hub' })).toHaveValue(
    /ensembles\.example:7329/,
  );
  await page.goto(`${relayUrl}/settings`);
  const sources = page.getByRole('list', { name: 'Sources' });
  await expect(sources.getByRole('listitem')).toHaveCount(1);
  await expect(sources).not.toContainText('ensembles.example');
});

test('a link that names no address says what is wrong', async ({ page, relayUrl }) => {
  await page.goto(`${relayUrl}/hub?server=ftp://example.org`);
  await expect(page.getByRole('heading', { name: 'This link names an address that cannot be used' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('An address begins with ws, wss, http or https');
});
