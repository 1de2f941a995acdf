import { type Page, test as base } from '@playwright/test';
import { type RelayProcess, startRelay } from './start-relay.ts';

/** What went wrong in a page, each as a sentence: errors, console errors, refusals of the content security policy. */
export type PageFaults = readonly string[];

interface RostrumFixtures {
  /** Command-line options of the relay, for `test.use`. */
  relayOptions: readonly string[];
  /** A relay of this test's own, ended with it. */
  relay: RelayProcess;
  /** Where {@link RostrumFixtures.relay} serves. */
  relayUrl: string;
  /** What went wrong in `page` so far. */
  pageFaults: PageFaults;
}

/**
 * Collects what goes wrong in a page, from before its first script.
 *
 * A SharedWorker's console is not among it: no browser shows it to a page's debugger.
 */
async function collectPageFaults(page: Page): Promise<PageFaults> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  await page.exposeFunction('rostrumReportViolation', (fault: string) => faults.push(fault));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report: unknown = Reflect.get(globalThis, 'rostrumReportViolation');
      if (typeof report === 'function') report(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
    });
  });
  return faults;
}

/** Playwright's `test` with a relay of its own. */
export const test = base.extend<RostrumFixtures>({
  relayOptions: [[], { option: true }],
  relay: async ({ relayOptions }, use) => {
    const relay = await startRelay(relayOptions);
    await use(relay);
    await relay.stop();
  },
  relayUrl: async ({ relay }, use) => use(relay.url),
  pageFaults: async ({ page }, use) => use(await collectPageFaults(page)),
});

export { expect } from '@playwright/test';
