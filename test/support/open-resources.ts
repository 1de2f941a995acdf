import { afterAll, beforeAll, expect } from 'vitest';

/** What keeps a process busy on behalf of somebody: sockets, servers, timers. Files, pipes and ports are the test runner's own. */
const WATCHED: ReadonlySet<string> = new Set([
  'TCPSocketWrap',
  'TCPServerWrap',
  'TCPConnectWrap',
  'ShutdownWrap',
  'WriteWrap',
  'ProcessWrap',
  'Timeout',
  'Immediate',
]);

/** Only ends a hang. */
const HANG_MS = 60_000;
/** How often it is looked before what is still open counts as left behind; each look is a turn of the event loop. */
const TURNS = 2_000;

/** How many sockets, servers and timers of each kind are open now. */
export function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (WATCHED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What is open beyond a baseline: `TCPSocketWrap +2`. */
export function beyond(baseline: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...now].flatMap(([kind, count]) => {
    const more = count - (baseline.get(kind) ?? 0);
    return more > 0 ? [`${kind} +${more}`] : [];
  });
}

/**
 * Fails a suite that leaves sockets, servers or timers behind. To be called
 * before the suite registers hooks of its own: `afterAll` hooks run last to first.
 */
export function expectNothingLeftOpen(): void {
  let baseline: ReadonlyMap<string, number> = new Map();
  beforeAll(() => {
    baseline = openResources();
  });
  afterAll(async () => expect(await leftOpen(baseline)).toEqual([]), HANG_MS);
}

/** What stays open beyond a baseline: sockets that were ended need some turns of the event loop until they are gone. */
export async function leftOpen(baseline: ReadonlyMap<string, number>): Promise<string[]> {
  for (let turn = 0; turn < TURNS && beyond(baseline, openResources()).length > 0; turn += 1) await nextTurn();
  return beyond(baseline, openResources());
}

/** Not by a timer or immediate of its own: those would be counted. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
