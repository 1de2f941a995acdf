import type { Browser, CDPSession, Page } from '@playwright/test';

/** A command of the DevTools protocol. */
interface Command {
  readonly method: string;
  readonly params?: object;
}

/** Sends commands to the SharedWorker of a page's origin, which Playwright itself does not see; what the last one answered. */
async function askHub(browser: Browser, origin: string, commands: readonly Command[]): Promise<unknown> {
  const session = await browser.newBrowserCDPSession();
  try {
    const targetId = await hubTarget(session, origin);
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    let answer: unknown;
    for (const [id, command] of commands.entries()) answer = await call(session, sessionId, { id, ...command });
    return answer;
  } finally {
    await session.detach();
  }
}

/** Runs an expression in the SharedWorker of a page's origin, which Playwright itself does not see. */
export async function evaluateInHub(browser: Browser, origin: string, expression: string): Promise<unknown> {
  const params = { expression, returnByValue: true, awaitPromise: true };
  const answer = await askHub(browser, origin, [{ method: 'Runtime.evaluate', params }]);
  return (answer as { result?: { value?: unknown } } | undefined)?.result?.value;
}

/** Bytes that the hub of a page holds on its heap, once garbage is collected. */
export async function hubHeapBytes(browser: Browser, page: Page): Promise<number> {
  const commands = [{ method: 'HeapProfiler.collectGarbage' }, { method: 'Runtime.getHeapUsage' }];
  return ((await askHub(browser, new URL(page.url()).origin, commands)) as { usedSize: number }).usedSize;
}

/** Ends the hub of a page as a crash does: without a word to its tabs. */
export async function killHub(browser: Browser, page: Page): Promise<void> {
  // A hub that closes itself while the debugger is attached is kept by Chromium, and given to every tab that comes. So it
  // is told how to end, let go of, and told by the page when: a delay would be a race.
  const expression = `void (new BroadcastChannel('${END_CHANNEL}').onmessage = () => self.close())`;
  await askHub(browser, new URL(page.url()).origin, [{ method: 'Runtime.evaluate', params: { expression } }]);
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

function call(session: CDPSession, sessionId: string, request: Command & { readonly id: number }): Promise<unknown> {
  const answer = new Promise<unknown>((resolve) => {
    session.on('Target.receivedMessageFromTarget', ({ sessionId: from, message }) => {
      const reply = JSON.parse(message) as { id?: number; result?: unknown };
      if (from === sessionId && reply.id === request.id) resolve(reply.result);
    });
    // A worker that closes itself never answers; it is gone when its target is.
    session.on('Target.detachedFromTarget', () => resolve(undefined));
  });
  return session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify(request) }).then(() => answer);
}
