import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Result } from '../protocol/result.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { type HttpProblem, sendJson, sendProblem } from './http-error.ts';
import { type Log } from './log.ts';
import { type BodyLimits, readBody } from './request-body.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { StaticSite } from './static-site.ts';
import type { TrustPolicy, TrustVerdict } from './trust-policy.ts';

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

/** What the routes need of the relay behind them. */
export interface HttpSurface {
  readonly trust: TrustPolicy;
  /** Absent where no page is served. */
  readonly site: StaticSite | undefined;
  readonly log: Log;
  readonly limits: BodyLimits;
  isDraining(): boolean;
  status(): RelayStatus;
  /** In the order of the roster. */
  producers(): readonly ProducerInfo[];
  /** Takes the text of one posted envelope. */
  takePost(text: string): Result<undefined, HttpProblem>;
}

interface Route {
  readonly methods: readonly string[];
  readonly handle: (surface: HttpSurface, request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
}

const READ = ['GET', 'HEAD'] as const;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

const DRAINING: HttpProblem = {
  status: 503,
  code: 'draining',
  message: 'The relay is shutting down. Try again later.',
};
const NOT_JSON_TYPE: HttpProblem = {
  status: 415,
  code: 'not_json_type',
  message: 'Only application/json in UTF-8 is taken. Set the header Content-Type: application/json.',
};

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/api/hub/ingress', { methods: ['POST'], handle: takeEnvelope }],
  ['/api/hub/producers', { methods: READ, handle: (surface, _, response) => sendValue(response, roster(surface)) }],
  ['/api/status', { methods: READ, handle: (surface, _, response) => sendValue(response, surface.status()) }],
  ['/api/health/live', { methods: READ, handle: sayAlive }],
  ['/api/health/ready', { methods: READ, handle: (_surface, _, response) => sendValue(response, { status: 'ready' }) }],
  ['/ws', { methods: READ, handle: askForUpgrade }],
  ['/ingress', { methods: READ, handle: askForUpgrade }],
]);

/** Paths that answer while the relay shuts down: they only say so. */
const ALWAYS_OPEN: ReadonlySet<string> = new Set(['/api/status', '/api/health/live']);

/** Serves every plain request: judges who asks, then finds what was asked for. */
export function createRouter(surface: HttpSurface): RequestListener {
  return (request, response) => {
    response.on('error', () => response.destroy());
    serve(surface, request, response).catch((error: unknown) => {
      surface.log.error('A request failed.', { path: pathOf(request), error: String(error) });
      sendProblem(response, {
        status: 500,
        code: 'internal',
        message: 'The relay failed at this request. See its log.',
      });
    });
  };
}

/** The path of a request, without its query; a query may hold what must not be logged. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}

/** Why a request or upgrade is turned away before anybody looks at what it asks for. */
export function refusalOf(request: IncomingMessage, verdict: TrustVerdict): HttpProblem | undefined {
  if (hasTwoHosts(request) || !request.url?.startsWith('/')) {
    return { status: 400, code: 'malformed', message: 'A request names one host, in its header Host, and one path.' };
  }
  return verdict.ok ? undefined : { status: 403, code: verdict.code, message: verdict.message };
}

async function serve(surface: HttpSurface, request: IncomingMessage, response: ServerResponse): Promise<void> {
  setSecurityHeaders(response);
  const { host, origin } = request.headers;
  const verdict = surface.trust({ host, origin });
  const refusal = refusalOf(request, verdict);
  if (refusal !== undefined) {
    sendProblem(response, refusal);
    return;
  }
  response.setHeader('Vary', 'Origin');
  if (verdict.ok && verdict.origin !== undefined) grant(response, verdict.origin);
  const path = pathOf(request);
  if (surface.isDraining() && !ALWAYS_OPEN.has(path)) {
    response.setHeader('Connection', 'close');
    sendProblem(response, DRAINING);
    return;
  }
  await serveRoute(surface, request, response);
}

async function serveRoute(surface: HttpSurface, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  const route = ROUTES.get(path) ?? siteRoute(surface, path);
  if (route === undefined) {
    sendProblem(response, { status: 404, code: 'not_found', message: 'There is nothing at this address.' });
    return;
  }
  const method = request.method ?? '';
  if (method === 'OPTIONS') {
    answerPreflight(response, route);
    return;
  }
  if (!route.methods.includes(method)) {
    const allow = route.methods.join(', ');
    const message = `This address takes ${allow} only.`;
    sendProblem(response, { status: 405, code: 'method_not_allowed', message, headers: { Allow: allow } });
    return;
  }
  await route.handle(surface, request, response);
}

function siteRoute({ site }: HttpSurface, path: string): Route | undefined {
  // Programs ask there for figures; a page would only confuse them.
  if (site === undefined || path === '/metrics' || path === '/api' || path.startsWith('/api/')) return undefined;
  return { methods: READ, handle: (_, request, response) => site(request, response) };
}

/** Lets the page read the answer; the policy has allowed its origin. */
function grant(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
}

function answerPreflight(response: ServerResponse, route: Route): void {
  const methods = [...route.methods, 'OPTIONS'].join(', ');
  response.writeHead(204, {
    Allow: methods,
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Max-Age': '600',
  });
  response.end();
}

async function takeEnvelope(surface: HttpSurface, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || encoding !== 'identity') {
    request.resume();
    sendProblem(response, NOT_JSON_TYPE);
    return;
  }
  const body = await readBody(request, surface.limits);
  const taken = body.ok ? surface.takePost(body.value) : body;
  if (taken.ok) response.writeHead(202, { 'Content-Length': 0 }).end();
  else sendProblem(response, taken.error);
}

function roster(surface: HttpSurface): { producers: readonly ProducerInfo[]; total: number } {
  const producers = surface.producers();
  return { producers, total: producers.length };
}

/**
 * Any page may know that something answers here, though it may not read what:
 * so a page that is refused can tell *not running* from *not allowed*.
 */
function sayAlive(_surface: HttpSurface, _request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  sendValue(response, { status: 'live' });
}

function askForUpgrade(_surface: HttpSurface, _request: IncomingMessage, response: ServerResponse): void {
  const headers = { Upgrade: 'websocket' };
  const message = 'This address speaks WebSocket only.';
  sendProblem(response, { status: 426, code: 'upgrade_required', message, headers });
}

function sendValue(response: ServerResponse, value: object): void {
  sendJson(response, { status: 200, body: JSON.stringify(value) });
}

function hasTwoHosts(request: IncomingMessage): boolean {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'host').length > 1;
}
