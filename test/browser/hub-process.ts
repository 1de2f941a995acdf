import type { Browser, CDPSession } from '@playwright/test';

/** Runs an expression in the SharedWorker of a page's origin, which Playwright itself does not see. */
async function evaluateInHub(browser: Browser, origin: string, expression: string): Promise<unknown> {
  const session = await browser.newBrowserCDPSession();
  try {
    const targetId = await hubTarget(session, origin);
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    return await call(session, sessionId, expression);
  } finally {
    await session.detach();
  }
}

/** Ends the hub as a crash does: without a word to its tabs. */
export async function killHub(browser: Browser, origin: string): Promise<void> {
  // Not while the debugger is attached: Chromium then keeps the closed worker, and gives it to every tab that comes.
  await evaluateInHub(browser, origin, 'void setTimeout(() => self.close(), 100)');
}

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
