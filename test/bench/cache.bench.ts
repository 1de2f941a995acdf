import { countStored } from '../browser/count-stored.ts';
import { expect, test } from '../browser/fixtures.ts';
import { killHub } from '../browser/hub-process.ts';

const isSmoke = process.env['ROSTRUM_BENCH_SMOKE'] === '1';
const SINGLE_PUTS = isSmoke ? 50 : 1_000;
const CHUNKED_EVENTS = isSmoke ? 2_000 : 100_000;
const PRODUCERS = isSmoke ? 5 : 50;
const RUNS = 10;
const EVENTS = isSmoke ? 20 : 200;
/** An event of the size of recorded ones, in characters. */
const EVENT_CHARS = 355;
const SOURCE_PORT = 9;

test('writes of the cache, against one put per event', async ({ page, relayUrl }) => {
  await page.goto(`${relayUrl}/api/status`);
  const { singleMs, chunkedMs } = await page.evaluate(measureWrites, {
    singles: SINGLE_PUTS,
    events: CHUNKED_EVENTS,
    chars: EVENT_CHARS,
  });
  const single = (SINGLE_PUTS / singleMs) * 1000;
  const chunked = (CHUNKED_EVENTS / chunkedMs) * 1000;
  print(
    'cache writes',
    `${chunked.toFixed(0)} events/s`,
    `${(chunked / single).toFixed(0)}x of one put per event (goal 50x)`,
  );
});

test('cold open of a full history', async ({ browser, page, context, relayUrl }) => {
  test.setTimeout(240_000);
  const source = `ws://127.0.0.1:${SOURCE_PORT}/ws`;
  await page.goto(relayUrl);
  await expect.poll(() => page.evaluate(isStorageMade)).toBe(true);
  await page.evaluate(fill, { source, producers: PRODUCERS, runs: RUNS, events: EVENTS, chars: EVENT_CHARS });
  // The hub that made the database would be there for a while yet: a page that is none of its tabs ends it.
  await page.goto(`${relayUrl}/api/status`);
  await killHub(browser, page);
  const cold = await context.newPage();
  const began = performance.now();
  await cold.goto(relayUrl);
  await expect(cold.getByRole('list', { name: 'Producers' }).getByRole('listitem').first()).toBeVisible();
  const shownMs = performance.now() - began;
  await expect(cold.getByRole('link', { name: /svc-0\b/ })).toBeVisible();
  print(
    'cold open',
    `${PRODUCERS * RUNS} runs of ${EVENTS} events`,
    `first producer after ${shownMs.toFixed(0)} ms (goal 1000)`,
  );
  const allBegan = performance.now();
  await cold.goto(`${relayUrl}/history`);
  await expect(cold.getByText(new RegExp(`^${PRODUCERS * RUNS} runs`))).toBeVisible();
  print('cold open', 'history listed', `${(performance.now() - allBegan).toFixed(0)} ms after the page was asked for`);
  expect(await cold.evaluate(countStored, 'runs' as const)).toBe(PRODUCERS * RUNS);
});

function print(...parts: readonly string[]): void {
  process.stdout.write(`${parts.join(' · ')}\n`);
}

/** The two ways to write, in a database of their own: one transaction for each event, and records of 200. */
async function measureWrites({
  singles,
  events,
  chars,
}: {
  singles: number;
  events: number;
  chars: number;
}): Promise<{ singleMs: number; chunkedMs: number }> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('bench', 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('events'));
    request.addEventListener('success', () => resolve(request.result));
  });
  const text = 'x'.repeat(chars);
  const put = (key: IDBValidKey, value: unknown): Promise<void> =>
    new Promise((resolve) => {
      const transaction = database.transaction('events', 'readwrite', { durability: 'relaxed' });
      transaction.objectStore('events').put(value, key);
      transaction.addEventListener('complete', () => resolve());
    });
  const singleBegan = performance.now();
  for (let index = 0; index < singles; index += 1) await put(['single', index], { text: `${text}${index}` });
  const singleMs = performance.now() - singleBegan;
  const chunkedBegan = performance.now();
  for (let first = 0; first < events; first += 200) {
    const texts = Array.from({ length: 200 }, (_, index) => `${text}${first + index}`);
    await put(['chunk', first], { version: 1, texts });
  }
  return { singleMs, chunkedMs: performance.now() - chunkedBegan };
}

function isStorageMade(): Promise<boolean> {
  return indexedDB.databases().then((all) => all.some(({ name }) => name === 'rostrum'));
}

/** Fills the database with what earlier hubs would have left. */
async function fill(size: {
  source: string;
  producers: number;
  runs: number;
  events: number;
  chars: number;
}): Promise<void> {
  const { source, producers, runs, events, chars } = size;
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('rostrum');
    request.addEventListener('success', () => resolve(request.result));
  });
  const now = Date.now();
  const transaction = database.transaction(['sources', 'events', 'runs', 'producers'], 'readwrite');
  transaction.objectStore('sources').put({ id: source, url: source, order: 50 });
  const message = (run: number, index: number): object => {
    const ensembleId = `run-${run}`;
    const taskDescription = 'Work';
    if (index === 0) {
      return {
        type: 'ensemble_started',
        ensembleId,
        startedAt: new Date(now).toISOString(),
        totalTasks: 1,
        workflow: 'SEQUENTIAL',
      };
    }
    if (index === 1) {
      return {
        type: 'task_started',
        taskIndex: 1,
        totalTasks: 1,
        taskDescription,
        agentRole: 'A',
        startedAt: new Date(now).toISOString(),
      };
    }
    if (index === events - 1) {
      return {
        type: 'ensemble_completed',
        ensembleId,
        completedAt: new Date(now).toISOString(),
        durationMs: 1,
        exitReason: 'COMPLETED',
        totalTokens: 1,
        totalToolCalls: 1,
      };
    }
    return {
      type: 'tool_called',
      agentRole: 'A',
      taskIndex: 1,
      toolName: 'search',
      durationMs: 1,
      outcome: 'SUCCESS',
      toolResult: 'x'.repeat(chars - 150),
    };
  };
  for (let producer = 0; producer < producers; producer += 1) {
    const producerId = `svc-${producer}`;
    const kept = {
      sourceId: source,
      producerId,
      kind: 'hub',
      sourceLabel: 'bench',
      info: { producerId, serviceName: 'bench' },
      presence: { kind: 'connected' },
      lastSeenMs: now - producer,
      lives: [{ epoch: 1, firstSequence: 1, missing: [] }],
      gaps: [],
      firstRun: 1,
      lost: [],
      nextSequence: 1,
      forgotten: [],
    };
    transaction.objectStore('producers').put({ version: 1, kept, isListed: true }, [source, producerId]);
    for (let run = 0; run < runs; run += 1) {
      const first = run * events + 1;
      const texts = Array.from({ length: events }, (_, index) =>
        JSON.stringify([first + index, now, 0, now, 0, message(run, index)]),
      );
      transaction.objectStore('events').put({ version: 1, texts }, [source, producerId, 1, first]);
      const line = {
        version: 1,
        sourceId: source,
        producerId,
        sourceLabel: 'bench',
        begins: { epoch: 1, sequence: first },
        number: run + 1,
        ensembleId: `run-${run}`,
        title: 'Work',
        state: 'ended',
        isOpen: false,
        startedAtMs: now,
        durationMs: 1,
        tasksFinished: 1,
        tasksTotal: 1,
        events,
        bytes: texts.join('').length,
        lastAtMs: now,
        isPinned: false,
        isCompact: true,
      };
      transaction.objectStore('runs').put(line, [source, producerId, 1, first]);
    }
  }
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  database.close();
}
