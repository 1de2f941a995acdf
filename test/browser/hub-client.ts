import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { TAB_CONTRACT_VERSION } from '../../src/protocol/tab/contract-version.ts';
import type { HubApi, HubStatus } from '../../src/protocol/tab/hub-api.ts';
import type { ViewData, ViewName, ViewRequest } from '../../src/protocol/tab/view-data.ts';

/** Its build for plain scripts: the page's policy lets nothing be imported that is not the page's own. */
const COMLINK = createRequire(import.meta.url).resolve('comlink/dist/umd/comlink.min.js');

/** A hub that is there answers in a few ms. */
const ANSWER_LIMIT_MS = 3000;

/** Commands of the hub as Comlink hands them out: each answers with a promise. */
type RemoteHub = { [C in keyof HubApi]: (...args: Parameters<HubApi[C]>) => Promise<Awaited<ReturnType<HubApi[C]>>> };

/** What a session of a test is, in the page. */
interface PageSession {
  readonly hub: RemoteHub;
  /** The first snapshot of a view. */
  snapshot(request: ViewRequest): Promise<unknown>;
  /** Ends it: with a word, or as a tab that dies, by its lock alone. */
  end(how: 'says bye' | 'dies'): Promise<void>;
}

/** What {@link makeClient} leaves in the page. */
interface PageClient {
  open(): Promise<PageSession>;
}

/** Makes a page remember how it opens the hub, so that a test can open it as well. Before the page is loaded. */
export async function prepareHubClient(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Original = globalThis.SharedWorker;
    globalThis.SharedWorker = class extends Original {
      constructor(url: string | URL, options?: string | WorkerOptions) {
        super(url, options);
        Object.assign(globalThis, { rostrumTestOpen: () => new Original(url, options).port });
      }
    };
  });
}

/** A test's own sessions with the hub of a page, over ports as any tab has them. */
export class HubClient {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** For a page that was loaded after {@link prepareHubClient}. */
  static async inPage(page: Page): Promise<HubClient> {
    await page.evaluate(await readFile(COMLINK, 'utf8'));
    await page.evaluate(makeClient, TAB_CONTRACT_VERSION);
    return new HubClient(page);
  }

  /** What the hub says of itself. */
  status(): Promise<HubStatus> {
    return this.#page.evaluate(async () => {
      const session = await (Reflect.get(globalThis, 'rostrumTestClient') as PageClient).open();
      const status = await session.hub.status();
      await session.end('says bye');
      return status;
    });
  }

  /**
   * A view as it is now.
   *
   * @throws (rejects) when the hub died while it was asked: a dead port never answers.
   */
  async view<V extends ViewName>(request: Extract<ViewRequest, { view: V }>): Promise<ViewData<V>> {
    const look = this.#page.evaluate(async (wanted) => {
      const session = await (Reflect.get(globalThis, 'rostrumTestClient') as PageClient).open();
      const data = await session.snapshot(wanted);
      await session.end('says bye');
      return data;
    }, request as ViewRequest);
    const tooLong = delay(ANSWER_LIMIT_MS).then(() => {
      throw new Error('The hub did not answer: it is dead, or was while it was asked.');
    });
    return (await Promise.race([look, tooLong])) as ViewData<V>;
  }

  /** Opens so many sessions one after another, each with a view; every second one dies without a word. */
  openAndEndSessions(count: number): Promise<void> {
    return this.#page.evaluate(async (times) => {
      const client = Reflect.get(globalThis, 'rostrumTestClient') as PageClient;
      for (let n = 0; n < times; n += 1) {
        const session = await client.open();
        await session.snapshot({ view: 'roster' });
        await session.end(n % 2 === 0 ? 'says bye' : 'dies');
      }
    }, count);
  }

  /** Subscribes and ends so many views in one session. */
  subscribeAndEnd(count: number): Promise<void> {
    return this.#page.evaluate(async (times) => {
      const session = await (Reflect.get(globalThis, 'rostrumTestClient') as PageClient).open();
      for (let stream = 1; stream <= times; stream += 1) {
        await session.hub.subscribe(stream, { view: stream % 2 === 0 ? 'roster' : 'reviews' });
        await session.hub.unsubscribe(stream);
      }
      await session.end('says bye');
    }, count);
  }

  /** Asks for all sources to be connected at once, over and over, until `isDone` says so. */
  async retryUntil(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      await this.#page.evaluate(async () => {
        const session = await (Reflect.get(globalThis, 'rostrumTestClient') as PageClient).open();
        for (let n = 0; n < 50; n += 1) await session.hub.retryNow();
        await session.end('says bye');
      });
    }
  }
}

/** Runs in the page. */
function makeClient(contract: number): void {
  const comlink = Reflect.get(globalThis, 'Comlink') as { wrap(port: MessagePort): RemoteHub };
  const openPort = Reflect.get(globalThis, 'rostrumTestOpen') as () => MessagePort;

  function hold(name: string): Promise<() => void> {
    return new Promise((resolve) => {
      void navigator.locks.request(name, () => new Promise<void>((release) => resolve(release)));
    });
  }

  async function open(): Promise<PageSession> {
    const port = openPort();
    const hub = comlink.wrap(port);
    const tabId = crypto.randomUUID();
    const lockName = `tab:${tabId}`;
    const release = await hold(lockName);
    await hub.hello({ tabId, lockName, contract, builtAtMs: 0, visible: true });
    return {
      hub,
      snapshot: (request) =>
        new Promise((resolve) => {
          port.addEventListener('message', ({ data }) => 'snapshot' in data && resolve(data.snapshot));
          port.start();
          void hub.subscribe(1, request);
        }),
      async end(how) {
        // The hub closes the port on that word, so no answer comes.
        if (how === 'says bye') void hub.bye();
        port.close();
        release();
      },
    };
  }

  Object.assign(globalThis, { rostrumTestClient: { open } satisfies PageClient });
}
