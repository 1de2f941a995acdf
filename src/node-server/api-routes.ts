import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { err, type Result } from '../protocol/result.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { type HttpProblem, sendJson, sendProblem } from './http-error.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { type BodyLimits, readBody } from './request-body.ts';

/** What `/api/status` says. */
export interface RelayStatus {
  readonly status: 'running' | 'draining';
  readonly version: string;
  /** How many producers are on the roster. */
  readonly producers: number;
  /** How many viewers are connected. */
  readonly viewers: number;
  readonly uptimeMs: number;
  /** Ids under which several processes seem to speak at once; absent if there are none. */
  readonly contestedProducers?: readonly string[];
}

/** What the routes of the API need of the relay behind them. */
export interface ApiSurface {
  readonly limits: BodyLimits;
  readonly metrics: RelayMetrics;
  /** Runs something once the relay can take more: what was taken must go out to viewers first. */
  whenClear(run: () => void): void;
  status(): RelayStatus;
  /** In the order of the roster. */
  producers(): readonly ProducerInfo[];
  /** Takes the text of one posted envelope, and counts one that could not be read. */
  takePost(text: Result<string, HttpProblem>): Result<undefined, HttpProblem>;
  /** The reviews for which a process may still wait. */
  reviews(): readonly object[];
  /** Takes the text of one posted decision. Gives the body of the answer. */
  decide(reviewId: string, text: string): Result<object, HttpProblem>;
}

/** What answers at one address. */
export interface Route<S> {
  readonly methods: readonly string[];
  readonly handle: (surface: S, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

/** The methods of what can only be read. */
export const READ = ['GET', 'HEAD'] as const;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const NOT_JSON_TYPE: HttpProblem = {
  status: 415,
  code: 'not_json_type',
  message: 'Only application/json in UTF-8 is taken. Set the header Content-Type: application/json.',
};
const MALFORMED_ID: HttpProblem = {
  status: 400,
  code: 'malformed',
  message: 'The id of the review in the address is not encoded rightly. Encode it as UTF-8 with percent signs.',
};

const ROUTES: ReadonlyMap<string, Route<ApiSurface>> = new Map<string, Route<ApiSurface>>([
  ['/api/hub/ingress', { methods: ['POST'], handle: takeEnvelope }],
  ['/api/hub/producers', { methods: READ, handle: (surface, _, response) => sendValue(response, roster(surface)) }],
  ['/api/reviews', { methods: READ, handle: (surface, _, response) => sendReviews(response, surface.reviews()) }],
  ['/api/status', { methods: READ, handle: (surface, _, response) => sendValue(response, surface.status()) }],
  ['/api/health/live', { methods: READ, handle: sayAlive }],
  ['/api/health/ready', { methods: READ, handle: (_surface, _, response) => sendValue(response, { status: 'ready' }) }],
  ['/metrics', { methods: READ, handle: sendMetrics }],
  ['/ws', { methods: READ, handle: askForUpgrade }],
  ['/ingress', { methods: READ, handle: askForUpgrade }],
]);
const REVIEW_PREFIX = '/api/reviews/';

/** What the relay itself answers at a path; `undefined` if that is none of its own. */
export function apiRoute(path: string): Route<ApiSurface> | undefined {
  const isReview = path.startsWith(REVIEW_PREFIX) && path.length > REVIEW_PREFIX.length;
  return isReview ? reviewRoute(path.slice(REVIEW_PREFIX.length)) : ROUTES.get(path);
}

function reviewRoute(encodedId: string): Route<ApiSurface> {
  return {
    methods: ['POST'],
    handle: async (surface, request, response) => {
      const answer = await takeDecision(encodedId, surface, request);
      if (answer.ok) sendValue(response, answer.value);
      else sendProblem(response, answer.error);
    },
  };
}

async function takeDecision(
  encodedId: string,
  surface: ApiSurface,
  request: IncomingMessage,
): Promise<Result<object, HttpProblem>> {
  const body = await readJson(surface, request);
  if (!body.ok) return body;
  const reviewId = decoded(encodedId);
  return reviewId === undefined ? err(MALFORMED_ID) : surface.decide(reviewId, body.value);
}

async function takeEnvelope(surface: ApiSurface, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => surface.whenClear(resolve));
  const taken = surface.takePost(await readJson(surface, request));
  if (taken.ok) response.writeHead(202, { 'Content-Length': 0 }).end();
  else sendProblem(response, taken.error);
}

/** The text of a body that says that it is JSON; no form of another page can say so without asking first. */
async function readJson({ limits }: ApiSurface, request: IncomingMessage): Promise<Result<string, HttpProblem>> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (JSON_TYPE.test(request.headers['content-type'] ?? '') && encoding === 'identity')
    return readBody(request, limits);
  request.resume();
  return err(NOT_JSON_TYPE);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function roster(surface: ApiSurface): { producers: readonly ProducerInfo[]; total: number } {
  const producers = surface.producers();
  return { producers, total: producers.length };
}

/**
 * Any page may know that something answers here, though it may not read what:
 * so a page that is refused can tell *not running* from *not allowed*.
 */
function sayAlive(_surface: ApiSurface, _request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  sendValue(response, { status: 'live' });
}

async function sendMetrics({ metrics }: ApiSurface, _: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await metrics.text();
  response.writeHead(200, {
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    'Content-Type': metrics.contentType,
  });
  response.end(body);
}

/** Their outputs may be long, and whoever does not take them must not make the relay hold a copy of each. */
function sendReviews(response: ServerResponse, reviews: readonly object[]): void {
  response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'application/json; charset=utf-8' });
  const text = Readable.from(listText(reviews), { highWaterMark: 1 });
  text.on('error', () => response.destroy());
  text.pipe(response);
}

function* listText(reviews: readonly object[]): Generator<string> {
  yield '{"reviews":[';
  for (const [index, review] of reviews.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(review)}`;
  yield `],"total":${reviews.length}}`;
}

function askForUpgrade(_surface: ApiSurface, _request: IncomingMessage, response: ServerResponse): void {
  const headers = { Upgrade: 'websocket' };
  const message = 'This address speaks WebSocket only.';
  sendProblem(response, { status: 426, code: 'upgrade_required', message, headers });
}

function sendValue(response: ServerResponse, value: object): void {
  sendJson(response, { status: 200, body: JSON.stringify(value) });
}
