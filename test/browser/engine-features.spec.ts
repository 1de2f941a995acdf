import { documentedFeatures } from '../docs/browser-table.ts';
import { engineFeatures } from './engine-features.ts';
import { expect, test } from './fixtures.ts';

test('Chromium has what docs/browsers.md says', async ({ page, relayUrl }) => {
  await page.goto(relayUrl);
  expect(await page.evaluate(engineFeatures)).toEqual(documentedFeatures('Chromium'));
});
