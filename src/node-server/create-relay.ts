import type { Server } from 'node:http';
import { err, ok, type Result } from '../protocol/result.ts';
import { Connections } from './connections.ts';
import type { HttpProblem } from './http-error.ts';
import type { RelayStatus } from './api-routes.ts';
import { createRouter } from './http-router.ts';
import { createHttpServer } from './http-server.ts';
import { drainable, type DrainServer } from './drain-server.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { listen, RelayStartError } from './listen.ts';
import type { PeerError } from './read-arrival.ts';
import { MemoryLog } from './memory-log.ts';
import { decidedBody, listedReviews, problemOfRefusal, readPostedDecision } from './review-api.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import { countIn, RelayCounters } from './relay-counters.ts';
import { createMetrics, type RelayMetrics } from './relay-metrics.ts';
import { RelayRoom } from './relay-room.ts';
import { DEFAULT_SETTINGS, type RelayOptions, type RelaySettings } from './relay-options.ts';
import { createStaticSite } from './static-site.ts';
import { createTrustPolicy, isLoopbackBind, type TrustPolicy } from './trust-policy.ts';

/** Where a relay serves. */
export interface RelayAddress {
  readonly port: number;
  /** For the browser of this machine. */
  readonly url: string;
}

/** A relay: takes events from publishers and shows them to viewers. */
export interface Relay {
  /**
   * Begins to serve. A relay starts once.
   *
   * @throws RelayStartError with a sentence that says why it cannot
   */
  start(): Promise<RelayAddress>;
  /** Ends in good order, within 5 s. Nothing happens if it does not run. */
  stop(): Promise<void>;
  /** Where it listens; 0 until it does. */
  readonly port: number;
  /** How much it holds of each kind, for status and leak checks: all zero once it has stopped. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** How long connections have to end in good order, in milliseconds. */
const DRAIN_MS = 4_500;

/** Makes a relay that does not run yet. What is left out of the options is as in `DEFAULT_SETTINGS`. */
export function createRelay(options: RelayOptions = {}): Relay {
  return new RunningRelay({ ...DEFAULT_SETTINGS, ...options });
}

class RunningRelay implements Relay {
  readonly #settings: RelaySettings;
  readonly #trust: TrustPolicy;
  readonly #counters = new RelayCounters();
  readonly #queue: OutgoingQueue;
  readonly #eventLoopDelay = new EventLoopDelay();
  readonly #metrics: RelayMetrics;
  readonly #room: RelayRoom;
  readonly #connections: Connections;
  readonly #drains: DrainServer[] = [];
  #state: 'new' | 'running' | 'draining' = 'new';
  #opening: Promise<RelayAddress> | undefined;
  #stopped: Promise<void> | undefined;
  #port = 0;
  #startedAtMs = 0;

  constructor(settings: RelaySettings) {
    const { clock, log } = settings;
    this.#settings = settings;
    this.#trust = createTrustPolicy(settings);
    this.#queue = new OutgoingQueue(settings.maxQueuedBytes);
    this.#room = new RelayRoom({
      clock,
      log,
      limits: settings,
      counters: this.#counters,
      openLog: (isReviewOpen) => new MemoryLog({ limits: settings, isReviewOpen }),
      atEndOfTurn: (run) => setImmediate(run),
    });
    this.#metrics = createMetrics({
      counters: this.#counters,
      levels: () => ({ ...this.#room.levels(), queuedBytes: this.#queue.bytes }),
      eventLoopDelay: this.#eventLoopDelay,
    });
    this.#connections = new Connections({
      room: this.#room,
      clock,
      log,
      limits: settings,
      counters: this.#counters,
      queue: this.#queue,
      gate: () => ({ trust: this.#trust, isDraining: this.#isDraining }),
    });
  }

  get port(): number {
    return this.#port;
  }

  get sizes(): Readonly<Record<string, number>> {
    return { ...this.#room.sizes, connections: this.#connections.size };
  }

  async start(): Promise<RelayAddress> {
    const { host, noAuth, log, clock } = this.#settings;
    if (this.#state !== 'new') throw new RelayStartError('This relay has been started before: make another one.');
    if (!isLoopbackBind(host)) {
      if (!noAuth) throw new RelayStartError(unguarded(host));
      log.warn('Other machines can reach this relay, and it asks nobody who they are.', { host });
    }
    this.#state = 'running';
    this.#startedAtMs = clock.nowMs();
    this.#opening = this.#open();
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  async stop(): Promise<void> {
    if (this.#state === 'running') this.#stopped = this.#drain();
    await this.#stopped;
  }

  async #open(): Promise<RelayAddress> {
    const { host, port, log } = this.#settings;
    const createServer = () => this.#createServer();
    const listening = await listen({ host, port, createServer });
    this.#drains.push(...listening.servers.map(drainable));
    this.#port = listening.port;
    log.info('The relay is ready.', { version: this.#settings.version, host, port: this.#port });
    return { port: this.#port, url: `http://${urlHost(host)}:${this.#port}` };
  }

  async #drain(): Promise<void> {
    this.#state = 'draining';
    const { clock, log } = this.#settings;
    // What is not open yet cannot be closed; if it cannot be opened, whoever starts it is told.
    if (this.#opening !== undefined) await this.#opening.catch(() => undefined);
    log.info('The relay is shutting down.', { connections: this.#connections.size });
    this.#room.sayFarewell();
    const drained = this.#drains.map((drain) => drain(clock, DRAIN_MS));
    const late = await this.#connections.close(DRAIN_MS);
    // A post whose answer was owed may come in until then.
    await Promise.all(drained);
    this.#room.dispose();
    this.#eventLoopDelay.dispose();
    log.info('The relay has ended.', { cutOff: late, uptimeMs: this.#uptimeMs });
  }

  get #uptimeMs(): number {
    return this.#settings.clock.nowMs() - this.#startedAtMs;
  }

  get #isDraining(): boolean {
    return this.#state !== 'running';
  }

  #createServer(): Server {
    const { log, webFolder } = this.#settings;
    const onRequest = createRouter({
      trust: this.#trust,
      site: webFolder === undefined ? undefined : createStaticSite(webFolder),
      log,
      limits: this.#settings,
      isDraining: () => this.#isDraining,
      status: () => this.#status(),
      producers: () => this.#room.producers(),
      takePost: (text) => this.#takePost(text),
      metrics: this.#metrics,
      whenClear: (run) => this.#queue.whenClear(run),
      reviews: () => listedReviews(this.#room.waitingReviews()),
      decide: (reviewId, text) => this.#decide(reviewId, text),
    });
    return createHttpServer({ onRequest, onWebSocket: this.#connections.upgrade }, this.#settings);
  }

  #takePost(text: Result<string, HttpProblem>): Result<undefined, HttpProblem> {
    if (!text.ok) {
      countIn(this.#counters.refused, text.error.code);
      return text;
    }
    const taken = this.#room.posted(text.value);
    return taken.ok ? ok(undefined) : err(problemOf(taken.error));
  }

  #decide(reviewId: string, text: string): Result<object, HttpProblem> {
    const request = readPostedDecision(reviewId, text, this.#settings);
    if (!request.ok) return request;
    const decided = this.#room.decide(request.value);
    return decided.ok ? ok(decidedBody(decided.value)) : err(problemOfRefusal(decided.error));
  }

  #status(): RelayStatus {
    const contestedProducers = this.#room.contested();
    return {
      status: this.#isDraining ? 'draining' : 'running',
      version: this.#settings.version,
      producers: this.#room.producers().length,
      viewers: this.#room.fanOut.size,
      uptimeMs: this.#uptimeMs,
      ...(contestedProducers.length === 0 ? {} : { contestedProducers }),
    };
  }
}

/** A typed error as an answer to a POST. */
function problemOf({ code, message }: PeerError): HttpProblem {
  switch (code) {
    case 'too_large':
      return { status: 413, code, message };
    case 'review_owned':
      return { status: 409, code, message };
    case 'too_much_kept':
      return { status: 503, code, message, headers: { 'Retry-After': '5' } };
    default:
      return { status: 400, code, message };
  }
}

function unguarded(host: string): string {
  return `${host} can be reached from other machines and this relay asks nobody who they are: bind it to localhost, or start it with --no-auth if something in front guards it.`;
}

/** The name under which a browser of this machine reaches what is bound to a host. */
function urlHost(host: string): string {
  if (isLoopbackBind(host) || ['0.0.0.0', '::', '[::]'].includes(host)) return 'localhost';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
