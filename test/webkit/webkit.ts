import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Builder, Capabilities } from 'selenium-webdriver';
import type { WebDriver } from 'selenium-webdriver';
import { expect, vi } from 'vitest';

/** A browser that knows nothing: storage and workers of its own. */
export interface WebKit {
  readonly browser: WebDriver;
  readonly stop: () => Promise<void>;
}

/** Starts the WebKitGTK of this machine, with a screen of its own. */
export async function startWebKit(): Promise<WebKit> {
  // It chooses a display that is free, and says which.
  const screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1440x900x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [display] = (await once(createInterface(screen.stdout), 'line')) as [string];
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${display}` },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`${url}/status`), { timeout: 15_000 });
  const browser = await new Builder()
    .usingServer(url)
    .withCapabilities(new Capabilities({ browserName: 'MiniBrowser' }))
    .build();
  return {
    browser,
    stop: async () => {
      await browser.quit();
      await end(driver);
      await end(screen);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** What shows each role on our pages. */
const SELECTORS = {
  button: 'button',
  heading: 'h1, h2, h3',
  link: 'a',
  status: '[role="status"]',
  timer: '[role="timer"]',
} as const;

type Role = keyof typeof SELECTORS;

/** Runs a function in the page that is in front; what it returns, or what its promise gives, comes back. */
export async function runIn<Result, Args extends unknown[]>(
  browser: WebDriver,
  run: (...args: Args) => Result | Promise<Result>,
  ...args: Args
): Promise<Result> {
  const result = await browser.executeScript<Result>(`return (${run.toString()})(...arguments)`, ...args);
  return result;
}

function textsOf(browser: WebDriver, role: Role): Promise<string[]> {
  return runIn(
    browser,
    (selector) =>
      [...document.querySelectorAll<HTMLElement>(selector)].map(({ innerText }) =>
        innerText.replaceAll(/\s+/g, ' ').trim(),
      ),
    SELECTORS[role],
  );
}

/** Waits until some element of a role says this. */
export async function untilSaid(browser: WebDriver, role: Role, text: string | RegExp): Promise<void> {
  await expect
    .poll(() => textsOf(browser, role), { message: `no ${role} says ${String(text)}` })
    .toContainEqual(typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text));
}

/** Waits until the document's title is this. */
export async function untilTitled(browser: WebDriver, title: string): Promise<void> {
  await expect.poll(() => browser.getTitle()).toBe(title);
}

/** Presses the first element of a role whose text begins like this, once there is one, wherever it moves meanwhile. */
export async function press(browser: WebDriver, role: Role, text: string): Promise<void> {
  await untilSaid(browser, role, new RegExp(`^${text}`));
  await runIn(
    browser,
    (selector, wanted) => {
      const elements = [...document.querySelectorAll<HTMLElement>(selector)];
      elements.find(({ innerText }) => innerText.trim().startsWith(wanted))?.click();
    },
    SELECTORS[role],
    text,
  );
}
