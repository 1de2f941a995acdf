import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium } from './find-chromium.mjs';
import { projectFolder } from './set-up.mjs';

const publicFolder = join(projectFolder, 'public');
const drawing = readFileSync(join(publicFolder, 'favicon.svg'), 'utf8');

/** A maskable icon and Apple's are cut by the system: the ground goes to the edge, the mark keeps to the safe middle. */
const fullBleed = drawing
  .replace(' rx="7"', '')
  .replace('translate(4.6 4.4) scale(1.27)', 'translate(7.45 7.3) scale(0.95)');

const icons = [
  { file: 'icon-192.png', sizePx: 192, svg: drawing },
  { file: 'icon-512.png', sizePx: 512, svg: drawing },
  { file: 'icon-maskable-512.png', sizePx: 512, svg: fullBleed },
  { file: 'apple-touch-icon.png', sizePx: 180, svg: fullBleed },
];

const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const { file, sizePx, svg } of icons) {
  await page.setViewportSize({ width: sizePx, height: sizePx });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${sizePx}px}</style>${svg}`);
  await page.screenshot({ path: join(publicFolder, file), omitBackground: true });
}
await browser.close();
