import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';
import { startCountingHub } from './counting-hub.ts';
import { expect, test } from './fixtures.ts';

/** A name that is not on this machine, as far as the browser can tell; it resolves to it all the same. */
const PUBLIC_NAME = 'page.example';

test.use({ relayOptions: ['--allow-host', PUBLIC_NAME] });

/** A browser that takes the relay's page for one from the internet: secure, and without leave to reach this machine. */
async function launchOutside(port: string): Promise<Browser> {
  const { launchOptions } = playwrightConfig.use ?? {};
  return chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions?.args ?? []),
      `--host-resolver-rules=MAP ${PUBLIC_NAME} 127.0.0.1`,
      `--unsafely-treat-insecure-origin-as-secure=http://${PUBLIC_NAME}:${port}`,
      `--ip-address-space-overrides=127.0.0.1:${port}=public,[::1]:${port}=public`,
    ],
  });
}

async function openSettings(context: BrowserContext, origin: string, address: string) {
  const page = await context.newPage();
  await page.goto(`${origin}/settings`);
  await page.getByRole('textbox', { name: 'Address of a producer or hub' }).fill(address);
  await page.getByRole('button', { name: 'Connect' }).click();
  return page.getByRole('list', { name: 'Sources' }).getByRole('listitem').filter({ hasText: address });
}

test('a page from elsewhere says that the browser has to ask for the local network, and connects once it may', async ({
  relayUrl,
}) => {
  const { port } = new URL(relayUrl);
  const origin = `http://${PUBLIC_NAME}:${port}`;
  const hub = await startCountingHub();
  const browser = await launchOutside(port);
  const context = await browser.newContext();
  const line = await openSettings(context, origin, hub.address);

  await expect(line.getByRole('status')).toHaveText('disconnected');
  await expect(line).toContainText('The browser has to ask you');
  expect(hub.counts.opened).toBe(0);

  await context.grantPermissions(['local-network-access'], { origin });
  // The hub may try again by itself meanwhile, and take the button away.
  const retry = line.getByRole('button', { name: 'Retry now' });
  await expect(async () => {
    if (await retry.isVisible()) await retry.click({ timeout: 1_000 });
    await expect(line.getByRole('status')).toHaveText('connected', { timeout: 4_000 });
  }).toPass();
  expect(hub.counts).toMatchObject({ opened: 1, most: 1 });

  await browser.close();
  await hub.stop();
});
