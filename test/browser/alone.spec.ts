import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';
import { startRelay } from './start-relay.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

test('relay.js with web beside it runs in an empty folder', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-alone-'));
  await cp(join(DIST, 'relay.js'), join(folder, 'relay.js'));
  await cp(join(DIST, 'web'), join(folder, 'web'), { recursive: true });
  const relay = await startRelay([], join(folder, 'relay.js'));
  await page.goto(relay.url);
  await expect(page.getByRole('status').filter({ hasText: 'connected' }).first()).toBeVisible();
  await relay.stop();
  await rm(folder, { recursive: true });
});
