import { type BrowserContext, chromium, type Page } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { ensureChromium } from '../../scripts/find-chromium.mjs';

/** A Chromium that freezes pages: the one of Playwright keeps every page focused, and a page that is seen is never frozen. */
export interface FreezingBrowser {
  readonly context: BrowserContext;
  /** Opens a page in a window of its own: of the pages in one window only the front one is seen. */
  readonly openWindow: () => Promise<Page>;
  /** Hides a page and stops everything in it, as Chromium does with tabs that were not looked at for a while. */
  readonly freeze: (page: Page) => Promise<void>;
  /** Lets it go on, and shows it. */
  readonly thaw: (page: Page) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts one with a profile of its own. */
export async function startFreezingBrowser(): Promise<FreezingBrowser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const launched = await puppeteer.launch({ executablePath: await ensureChromium(), headless: true, args });
  const browser = await chromium.connectOverCDP(launched.wsEndpoint(), { noDefaults: true });
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('Chromium has no default context.');
  async function setLifecycle(page: Page, state: 'active' | 'frozen'): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state });
    await session.detach();
  }
  const ofBrowser = await browser.newBrowserCDPSession();
  const openWindow = async (): Promise<Page> => {
    const opened = context.waitForEvent('page');
    await ofBrowser.send('Target.createTarget', { url: 'about:blank', newWindow: true });
    return opened;
  };
  return {
    context,
    openWindow,
    freeze: (page) => setLifecycle(page, 'frozen'),
    thaw: async (page) => {
      await setLifecycle(page, 'active');
      await page.bringToFront();
    },
    close: async () => {
      await browser.close();
      await launched.close();
    },
  };
}
