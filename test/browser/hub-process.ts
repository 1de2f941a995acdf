import type { Browser, CDPSession } from '@playwright/test';

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

/** Ends the hub as a crash does: without a word to its tabs. */
export async function killHub(browser: Browser, origin: string): Promise<void> {
  await evaluateInHub(browser, origin, 'self.close()');
}

async function hubTarget(session: CDPSession, origin: string): Promise<string> {
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] });
  const hub = targetInfos.find((target) => target.url.startsWith(origin));
  if (hub === undefined) throw new Error(`No SharedWorker of ${origin} is running.`);
  return hub.targetId;
}

interface WorkerMessage {
  readonly id?: number;
  readonly method?: string;
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/** A worker that ends itself may be gone before it answers: then the answer is undefined. */
function call(session: CDPSession, sessionId: string, expression: string): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => {
    session.on('Target.receivedMessageFromTarget', (received) => {
      if (received.sessionId !== sessionId) return;
      const message = JSON.parse(received.message) as WorkerMessage;
      if (message.id === 1) resolve(message.result?.result?.value);
      if (message.method === 'Inspector.targetCrashed') resolve(undefined);
    });
    session.on('Target.detachedFromTarget', () => resolve(undefined));
  });
  const request = {
    id: 1,
    method: 'Runtime.evaluate',
    params: { expression, returnByValue: true, awaitPromise: true },
  };
  return session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify(request) }).then(() => answer);
}
