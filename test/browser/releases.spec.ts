import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { TAB_CONTRACT_VERSION } from '../../src/protocol/tab/contract-version.ts';
import { producerKey } from '../../src/protocol/tab/keys.ts';
import { producerPath } from '../../src/ui/routes.ts';
import { type CountingHub, startCountingHub } from './counting-hub.ts';
import { expect as anyExpect, test as base } from './fixtures.ts';
import { type FreezingBrowser, startFreezingBrowser } from './freezing-browser.ts';
import { hubsOf } from './hubs-of.ts';
import { Publisher } from './publisher.ts';
import { buildNextRelease, type ServedRelease, serveRelease } from './served-release.ts';
import { BusyProcess } from './busy-process.ts';

/** Three tabs of two windows, two releases: on a busy machine each step takes its time. */
const expect = anyExpect.configure({ timeout: 30_000 });

const DRAFT = 'The tide is free, and so is the moon.';

/** Three tabs of the first release, while a process goes on saying things: two in windows of their own, one behind the second. */
interface Scene {
  readonly served: ServedRelease;
  readonly browser: FreezingBrowser;
  readonly counting: CountingHub;
  readonly busy: BusyProcess;
  readonly tabs: { readonly first: Page; readonly second: Page; readonly behind: Page };
}

const test = base.extend<{ scene: Scene }>({
  scene: async ({ relayOptions }, use) => {
    const served = await serveRelease(relayOptions);
    const [browser, counting] = await Promise.all([startFreezingBrowser(), startCountingHub()]);
    const { url } = served.relay;
    const publisher = await Publisher.connect(url, 'svc-1');
    publisher.startRun('run-1');
    publisher.askForReview('review-1');
    const busy = new BusyProcess(publisher);
    await use({ served, browser, counting, busy, tabs: await openTabs(browser, url, counting) });
    busy.stop();
    await browser.close();
    await publisher.close();
    await Promise.all([served.stop(), counting.stop()]);
  },
});

/** The first tab adds the source that counts its sockets; all of them are in the hands of the service worker. */
async function openTabs(browser: FreezingBrowser, url: string, counting: CountingHub): Promise<Scene['tabs']> {
  const first = await browser.openWindow();
  await first.goto(`${url}/hub?server=ws://${counting.address}/ws`);
  await expect(first.getByRole('status').filter({ hasText: `${counting.address} connected` })).toBeVisible();
  await first.evaluate(() => navigator.serviceWorker.ready);
  const second = await browser.openWindow();
  const behind = await browser.context.newPage();
  const source = `ws://${new URL(url).host}/ws`;
  for (const tab of [first, behind, second]) {
    await tab.bringToFront();
    await tab.goto(url + producerPath(producerKey(source, 'svc-1'), { tab: 'tools' }));
    await expect(tab.locator('.call-line').first()).toBeVisible();
  }
  return { first, second, behind };
}

let folder: string;
const nextRelease = (): string => join(folder, 'next');
const otherContract = (): string => join(folder, 'other-contract');

// One after another in one process: the builds are made once, and a build takes longer than a test.
test.describe.configure({ mode: 'default', timeout: 120_000 });

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-builds-'));
  await Promise.all([buildNextRelease(nextRelease()), buildNextRelease(otherContract(), TAB_CONTRACT_VERSION + 1)]);
});

test.afterAll(() => rm(folder, { recursive: true }));

/** What tells the releases apart: the script of the page. */
function script(tab: Page) {
  return tab.locator('script[type=module]');
}

/** Which release a tab shows. */
async function releaseOf(tab: Page): Promise<string> {
  return (await script(tab).getAttribute('src')) ?? '';
}

async function expectRelease(tabs: readonly Page[], release: string): Promise<void> {
  for (const tab of tabs) await expect(script(tab)).toHaveAttribute('src', release);
}

/** Waits until a tab shows another release than that one; which it is. */
async function nextAfter(tab: Page, release: string): Promise<string> {
  await expect(script(tab)).not.toHaveAttribute('src', release);
  return releaseOf(tab);
}

/** The prompt of the update, by a part of what it says. */
function prompt(tab: Page, text: string) {
  return tab.getByRole('status').filter({ hasText: text });
}

/** Loads a tab past the service worker, which still has the release before. */
async function reloadPastWorker(tab: Page): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  const loaded = tab.waitForEvent('load');
  await session.send('Page.reload', { ignoreCache: true });
  await loaded;
}

/** In a small window, too, the prompt covers nothing of the page that one may want to press. */
async function expectBesidePage(tab: Page, text: string): Promise<void> {
  await tab.setViewportSize({ width: 800, height: 600 });
  const [shown, page] = await Promise.all([prompt(tab, text).boundingBox(), tab.getByRole('main').boundingBox()]);
  expect(shown?.height).toBeGreaterThan(0);
  expect((shown?.y ?? Infinity) + (shown?.height ?? 0)).toBeLessThanOrEqual(page?.y ?? 0);
}

async function writeDraft(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: 'Edit' }).click();
  await tab.getByRole('textbox', { name: 'Revised output' }).fill(DRAFT);
}

async function expectDraft(tab: Page): Promise<void> {
  await expect(tab.getByRole('textbox', { name: 'Revised output' })).toHaveValue(DRAFT);
}

/** Waits until a tab shows something that was not said before now. */
async function expectLive(tab: Page, busy: BusyProcess): Promise<void> {
  const said = busy.said.length;
  const shown = async (): Promise<number> => Number((await tab.locator('.tools-head').innerText()).replace(/\D/g, ''));
  await expect.poll(shown).toBeGreaterThan(said);
}

/** How many hubs hold the lock of the active one. */
function activeHubs(tab: Page): Promise<number> {
  return tab.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    return held.filter(({ name }) => name === 'hub-active').length;
  });
}

/** Every tab shows what was said, each thing once, and one hub has one socket to each source. */
async function expectAllServed({ tabs, busy, counting, served }: Scene): Promise<void> {
  busy.stop();
  for (const tab of Object.values(tabs)) {
    await tab.bringToFront();
    // Only rows that are seen are drawn.
    await tab.setViewportSize({ width: 1200, height: 800 + 60 * busy.said.length });
    await expect(tab.locator('.call-line b')).toHaveText(busy.said);
    await expect(tab.getByText('missing')).toHaveCount(0);
    // What is told again must not count as another life of the process.
    await expect(tab.getByText('run 1 of 1')).toBeVisible();
  }
  await expect.poll(() => hubsOf(tabs.first)).toHaveLength(1);
  expect(await activeHubs(tabs.first)).toBe(1);
  await expect.poll(() => counting.counts).toMatchObject({ open: 1, most: 1 });
  const status = await fetch(`${served.relay.url}/api/status`);
  expect(await status.json()).toMatchObject({ viewers: 1 });
}

test('an update asks, and its hub takes over: nothing is lost or doubled in any tab, and a draft survives', async ({
  scene,
}) => {
  const { served, browser, busy, tabs } = scene;
  const { first, second, behind } = tabs;
  const old = await releaseOf(first);
  await browser.freeze(behind);
  await second.bringToFront();
  await served.install(nextRelease());
  await first.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect(prompt(first, 'A new version is ready')).toBeVisible();
  await expect(prompt(second, 'A new version is ready')).toBeVisible();
  await expectBesidePage(first, 'A new version is ready');
  await writeDraft(first);
  await first.getByRole('button', { name: 'Reload' }).click();
  await expect(prompt(second, 'Another tab has put a new version in charge')).toBeVisible();
  const next = await nextAfter(first, old);
  await expectDraft(first);
  await expectLive(second, busy);
  await expectRelease([second], old);
  await browser.thaw(behind);
  await expectLive(behind, busy);
  // Each of the two in this window has been hidden by now, whichever was seen when it was told.
  await second.bringToFront();
  await expectRelease([second, behind], next);
  await expectAllServed(scene);
  expect(scene.counting.counts.opened).toBe(2);
});

test('an old tab that thaws, or is opened late, follows the new hub and does not take it back', async ({ scene }) => {
  const { served, browser, busy, tabs, counting } = scene;
  const { first, second, behind } = tabs;
  const old = await releaseOf(first);
  const before = await hubsOf(first);
  await browser.freeze(behind);
  await second.bringToFront();
  await served.install(nextRelease());
  await reloadPastWorker(first);
  await nextAfter(first, old);
  await expectLive(first, busy);
  await expectLive(second, busy);
  await expect.poll(() => hubsOf(first)).toHaveLength(1);
  const hubs = await hubsOf(first);
  expect(hubs).not.toEqual(before);
  await browser.thaw(behind);
  await expectLive(behind, busy);
  // This one begins a hub of the old release, beside the new one.
  const late = await browser.context.newPage();
  await late.goto(second.url());
  await expectLive(late, busy);
  await expectAllServed(scene);
  await expectRelease([second, behind, late], old);
  expect(await hubsOf(first)).toEqual(hubs);
  // It waits, and is what this tab shows already.
  await expect
    .poll(() => first.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state))
    .toBe('installed');
  await expect(prompt(first, 'A new version is ready')).toHaveCount(0);
  expect(counting.counts.opened).toBe(2);
});

test('tabs of another contract come to the new release: one that is hidden by itself, one that is seen is asked', async ({
  scene,
}) => {
  const { served, tabs, counting } = scene;
  const { first, second, behind } = tabs;
  const old = await releaseOf(first);
  await writeDraft(second);
  await served.install(otherContract());
  await reloadPastWorker(first);
  const next = await nextAfter(first, old);
  await expect(prompt(second, 'A newer version of this page holds the connections now')).toBeVisible();
  await expect(second.getByRole('status').filter({ hasText: `${counting.address} disconnected` })).toBeVisible();
  await expect(second.locator('.source-dot[data-state=connected]')).toHaveCount(0);
  await expectRelease([behind], next);
  await expectRelease([second], old);
  await second.getByRole('button', { name: 'Reload' }).click();
  await expectRelease([second], next);
  await expectDraft(second);
  await expectAllServed(scene);
});
