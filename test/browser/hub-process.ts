import type { Browser, CDPSession, Page } from '@playwright/test';

/** Runs an expression in the SharedWorker of a page's origin, which Playwright itself does not see. */
export async function evaluateInHub(browser: Browser, origin: string, expression: string): Promise<unknown> {
  const session = await browser.newBrowserCDPSession();
  try {
    const targetId = await hubTarget(session, origin);
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    return await call(session, sessionId, expression);
  } finally {
    await session.detach();
  }
}

/** Ends the hub of a page as a crash does: without a word to its tabs. */
export async function killHub(browser: Browser, page: Page): Promise<void> {
  // A hub that closes itself while the debugger is attached is kept by Chromium, and given to every tab that comes. So it
  // is told how to end, let go of, and told by the page when: a delay would be a race.
  await evaluateInHub(
    browser,
    new URL(page.url()).origin,
    `void (new BroadcastChannel('${END_CHANNEL}').onmessage = () => self.close())`,
  );
  await page.evaluate((name) => {
    const channel = new BroadcastChannel(name);
    channel.postMessage('end');
    channel.close();
  }, END_CHANNEL);
}

const END_CHANNEL = 'test-ends-the-hub';

async function hubTarget(session: CDPSession, origin: string): Promise<string> {
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] });
  const hub = targetInfos.find((target) => target.url.startsWith(origin));
  if (hub === undefined) throw new Error(`No SharedWorker of ${origin} is running.`);
  return hub.targetId;
}

function call(session: CDPSession, sessionId: string, expression: string): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ sessionId: from, message }) => {
      const reply = JSON.parse(message) as { id?: number; result?: { result?: { value?: unknown } } };
      if (from === sessionId && reply.id === 1) resolve(reply.result?.result?.value);
    });
    // A worker that closes itself never answers; it is gone when its target is.
    session.on('Target.detachedFromTarget', () => resolve(undefined));
  });
  const request = {
    id: 1,
    method: 'Runtime.evaluate',
    params: { expression, returnByValue: true, awaitPromise: true },
  };
  return session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify(request) }).then(() => answer);
}
