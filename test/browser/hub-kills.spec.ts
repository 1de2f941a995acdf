import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { RunKey } from '../../src/protocol/tab/keys.ts';
import type { ViewData, ViewName, ViewRequest } from '../../src/protocol/tab/view-data.ts';
import { HubDriver } from '../support/hub-driver.ts';
import { expect, test } from './fixtures.ts';
import { HubClient, prepareHubClient } from './hub-client.ts';
import { killHub } from './hub-process.ts';
import { Publisher } from './publisher.ts';

/** `ROSTRUM_KILLS=50 npx playwright test hub-kills` is the long form. */
const KILLS = Number(process.env['ROSTRUM_KILLS'] ?? 5);
const SEED = Number(process.env['ROSTRUM_SEED'] ?? 1);
const PRODUCERS = ['svc-a', 'svc-b', 'svc-c'];
/** Every so many kills the relay dies as well, and has forgotten everything: only the browser knows then what was. */
const RELAY_DIES_EACH = 5;

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A hub that nothing ever happens to: the same mind, fed by a socket of its own, in this process. */
class Oracle {
  readonly driver = new HubDriver({ startMs: Date.now() });
  readonly #sourceId: string;
  readonly #url: string;

  constructor(relayUrl: string) {
    const url = new URL('/ws', relayUrl);
    url.protocol = 'ws:';
    this.#url = url.href;
    this.#sourceId = url.href;
    this.driver.add(this.#sourceId);
  }

  async connect(): Promise<void> {
    const socket = new WebSocket(this.#url, { origin: new URL(this.#url).origin.replace('ws', 'http') });
    socket.on('message', (data: Buffer) => {
      this.driver.nowMs = Date.now();
      this.driver.receive(data.toString(), this.#sourceId);
    });
    socket.on('close', () => this.driver.cut(this.#sourceId));
    socket.on('error', () => undefined);
    this.driver.connect(this.#sourceId);
    await once(socket, 'open');
  }

  view(request: ViewRequest): ViewData<ViewName> {
    return this.driver.view(request);
  }
}

type LookAt = (request: ViewRequest) => ViewData<ViewName> | Promise<ViewData<ViewName>>;

/** What somebody sees who opens every run of every process, without what depends on when it was looked at. */
async function picture(lookAt: LookAt): Promise<unknown> {
  const roster = (await lookAt({ view: 'roster' })) as ViewData<'roster'>;
  const lines: unknown[] = [];
  for (const { id, producerId, missing } of Object.values(roster.entities.producers)) {
    const { head } = (await lookAt({ view: 'run', producer: id })) as ViewData<'run'>;
    const runs = head?.runs ?? [];
    for (const { id: run, state } of runs) lines.push([producerId, missing, state, await runPicture(lookAt, id, run)]);
  }
  return lines.map((line) => JSON.stringify(line)).toSorted();
}

async function runPicture(lookAt: LookAt, producer: string, run: RunKey): Promise<unknown> {
  const { head, entities } = (await lookAt({ view: 'run', producer, run })) as ViewData<'run'>;
  return {
    ensembleId: head?.ensembleId,
    toolCalls: head?.toolCalls,
    tasks: Object.values(entities.tasks).map(({ taskIndex, state, durationMs }) => [taskIndex, state, durationMs]),
    tools: Object.values(entities.toolMarks).map(({ toolName, atMs }) => [toolName, atMs]),
    gaps: Object.values(entities.gaps).map(({ kind, events }) => [kind, events]),
  };
}

/** One process that works without end, in runs of three tasks: each step is the next thing it says. */
class Worker {
  readonly publisher: Publisher;
  steps = 0;

  constructor(publisher: Publisher) {
    this.publisher = publisher;
  }

  step(): void {
    const inRun = this.steps % STEPS_PER_RUN;
    const ensembleId = `run-${Math.floor(this.steps / STEPS_PER_RUN)}`;
    const now = new Date().toISOString();
    if (inRun === 0) {
      const start = { ensembleId, startedAt: now, totalTasks: 3, workflow: 'SEQUENTIAL' };
      this.publisher.publish({ type: 'ensemble_started', ...start });
    } else if (inRun === STEPS_PER_RUN - 1) {
      const end = { ensembleId, completedAt: now, durationMs: 9, exitReason: 'COMPLETED' };
      this.publisher.publish({ type: 'ensemble_completed', ...end, totalTokens: -1, totalToolCalls: 6 });
    } else {
      this.publisher.publish(this.#inTask(inRun - 1, now));
    }
    this.steps += 1;
  }

  #inTask(step: number, now: string): Record<string, unknown> {
    const taskIndex = Math.floor(step / 4) + 1;
    const task = { taskIndex, totalTasks: 3, taskDescription: `Task ${taskIndex}`, agentRole: 'Writer' };
    if (step % 4 === 0) return { type: 'task_started', ...task, startedAt: now };
    if (step % 4 === 3) {
      const end = { completedAt: now, durationMs: 7, tokenCount: -1, toolCallCount: 2 };
      return { type: 'task_completed', ...task, ...end };
    }
    const call = { toolName: `tool-${this.steps}`, durationMs: 3, outcome: 'SUCCESS' };
    return { type: 'tool_called', ...task, ...call, toolArguments: '{}', toolResult: 'ok' };
  }
}

/** A start, three tasks of four messages, an end. */
const STEPS_PER_RUN = 14;

/** The highest number that the page's storage holds of each process. Runs in the page. */
function storedNumbers(): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('rostrum');
    // To look at a storage that is not there must not make it.
    opening.addEventListener('upgradeneeded', () => opening.transaction?.abort());
    opening.addEventListener('error', () => reject(new Error('The storage cannot be opened.')));
    opening.addEventListener('success', () => {
      const database = opening.result;
      const events = database.transaction('events').objectStore('events');
      const highest: Record<string, number> = {};
      const walking = events.openCursor();
      walking.addEventListener('success', () => {
        const cursor = walking.result;
        if (cursor === null) {
          database.close();
          return resolve(highest);
        }
        const [, producerId] = cursor.key as [string, string];
        for (const text of (cursor.value as { texts: string[] }).texts) {
          const [number] = JSON.parse(text) as [number];
          highest[producerId] = Math.max(highest[producerId] ?? 0, number);
        }
        cursor.continue();
      });
    });
  });
}

test('after each death of the hub everything is there again', async ({ browser, page, relay }) => {
  process.stdout.write(`${KILLS} deaths of the hub, seed ${SEED}\n`);
  test.setTimeout(60_000 + KILLS * 15_000);
  const random = seededRandom(SEED);
  const oracle = new Oracle(relay.url);
  await oracle.connect();
  const workers: Worker[] = [];
  for (const id of PRODUCERS) workers.push(new Worker(await Publisher.connect(relay.url, id)));
  await prepareHubClient(page);
  await page.goto(relay.url);
  const client = await HubClient.inPage(page);

  /** The processes say something, each a little later than the one before; the hub dies somewhere in between. */
  async function workWhileTheHubDies(): Promise<void> {
    const steps = 20 + Math.floor(random() * 100);
    const fatal = Math.floor(random() * steps);
    let dying: Promise<void> | undefined;
    for (let step = 0; step < steps; step += 1) {
      if (step === fatal) dying = killHub(browser, page);
      workers[Math.floor(random() * workers.length)]?.step();
      await new Promise((resolve) => setTimeout(resolve, random() * 10));
    }
    await dying;
  }

  async function expectAllThere(): Promise<void> {
    // Whoever asks a hub that is just dying gets no answer, and asks the next one.
    await expect(async () => {
      const seen = await picture((request) => client.view(request));
      expect(seen).toEqual(await picture((request) => oracle.view(request)));
    }).toPass({ timeout: 20_000 });
  }

  for (let kill = 1; kill <= KILLS; kill += 1) {
    await workWhileTheHubDies();
    await expect.poll(() => oracle.driver.state.eventsTotal).toBe(workers.reduce((sum, { steps }) => sum + steps, 0));
    await expectAllThere();
    if (kill % RELAY_DIES_EACH !== 0) continue;
    const said = Object.fromEntries(workers.map(({ steps }, index) => [PRODUCERS[index], steps]));
    await expect.poll(() => page.evaluate(storedNumbers)).toEqual(said);
    await relay.kill();
    await killHub(browser, page);
    await expectAllThere();
    await relay.restart();
    await oracle.connect();
    for (const { publisher } of workers) await publisher.comeBack();
  }
  for (const { publisher } of workers) await publisher.close();
});
