import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Publisher } from '../browser/publisher.ts';
import { startRelay } from '../browser/start-relay.ts';
import { press, startWebKit, untilSaid, untilTitled } from './webkit.ts';

/** The processes of this machine that run a SharedWorker of a page in WebKitGTK. */
function hubProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && runsSharedWorker(name))
    .map(Number);
}

function runsSharedWorker(pid: string): boolean {
  try {
    if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('WebKitWebProces')) return false;
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.some((id) => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim().endsWith('SharedWorker'));
  } catch {
    return false; // it ended while it was looked at
  }
}

it('when the process of the hub crashes, the windows in other processes go on with a new hub', async () => {
  const relay = await startRelay();
  const publisher = await Publisher.connect(relay.url, 'svc-1');
  publisher.startRun('run-1');
  const { browser, stop } = await startWebKit();
  // Each window has a process of its own; the hub lives in that of the first.
  for (let n = 0; n < 3; n += 1) {
    if (n > 0) await browser.switchTo().newWindow('window');
    await browser.get(relay.url);
    await untilSaid(browser, 'link', 'svc-1');
  }
  const processes = hubProcesses();
  expect(processes).toHaveLength(1);
  for (const pid of processes) process.kill(pid, 'SIGKILL');
  publisher.askForReview('review-1');
  await untilTitled(browser, '(1) Rostrum');
  await press(browser, 'link', 'svc-1');
  await press(browser, 'button', 'Approve');
  expect((await publisher.nextDecision()).reviewId).toBe('review-1');
  await stop();
  await publisher.close();
  await relay.stop();
});
