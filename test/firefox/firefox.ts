import puppeteer from 'puppeteer-core';
import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { expect } from 'vitest';
import { findFirefox } from '../../scripts/find-firefox.mjs';

/** Starts the Firefox of this machine, without a window. `preferences` are those of `about:config`. */
export function launchFirefox(preferences: Record<string, unknown> = {}): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('No Firefox is here: install one, or set FIREFOX_PATH.');
  return puppeteer.launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: preferences });
}

/** What went wrong in a page, each as a sentence: errors, console errors, refusals of the content security policy. */
export async function collectPageFaults(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${String(error)}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  await page.evaluateOnNewDocument(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      throw new Error(`${event.violatedDirective} refused ${event.blockedURI}`);
    });
  });
  return faults;
}

/** The texts of all elements of a role on a page, in their order. */
async function textsOf(page: Page, role: string): Promise<string[]> {
  const elements = await page.$$(`::-p-aria([role="${role}"])`);
  return Promise.all(elements.map(textOf));
}

async function textOf(element: ElementHandle): Promise<string> {
  const text = await element.evaluate((node) => node.textContent);
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Waits until some element of a role says this. */
export async function untilSaid(page: Page, role: string, text: string | RegExp): Promise<void> {
  await expect
    .poll(() => textsOf(page, role), { message: `no ${role} says ${String(text)}` })
    .toContainEqual(typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text));
}

/** Waits until the document's title is this. */
export async function untilTitled(page: Page, title: string): Promise<void> {
  await expect.poll(() => page.title()).toBe(title);
}

/** Presses the first element of a role whose text begins like this, once there is one. */
export async function press(page: Page, role: string, text: string): Promise<void> {
  await untilSaid(page, role, new RegExp(`^${text}`));
  for (const element of await page.$$(`::-p-aria([role="${role}"])`)) {
    if ((await textOf(element)).startsWith(text)) return element.click();
  }
  throw new Error(`No ${role} begins with ${text} any more.`);
}
