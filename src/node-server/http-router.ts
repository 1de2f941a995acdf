import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ApiSurface, apiRoute, READ, type Route } from './api-routes.ts';
import { type HttpProblem, sendProblem } from './http-error.ts';
import type { Log } from './log.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { StaticSite } from './static-site.ts';
import type { TrustPolicy, TrustVerdict } from './trust-policy.ts';

/** What the router needs of the relay behind it. */
export interface HttpSurface extends ApiSurface {
  readonly trust: TrustPolicy;
  /** Absent where no page is served. */
  readonly site: StaticSite | undefined;
  readonly log: Log;
  isDraining(): boolean;
}

const DRAINING: HttpProblem = {
  status: 503,
  code: 'draining',
  message: 'The relay is shutting down. Try again later.',
};
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
  const route = apiRoute(path) ?? siteRoute(surface, path);
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
  // What is read may be long, or an open file: of many requests that come at once only one is answered at a time.
  if (method !== 'POST') await turnOf(response);
  await route.handle(surface, request, response);
}

function siteRoute({ site }: HttpSurface, path: string): Route<HttpSurface> | undefined {
  // Programs ask there for figures; a page would only confuse them.
  if (site === undefined || path === '/api' || path.startsWith('/api/')) return undefined;
  return { methods: READ, handle: (_, request, response) => site(request, response) };
}

/** Settles when an answer is the next one on its connection. */
async function turnOf(response: ServerResponse): Promise<void> {
  if (response.socket === null) await once(response, 'socket');
}

/** Lets the page read the answer; the policy has allowed its origin. */
function grant(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
}

function answerPreflight(response: ServerResponse, { methods: allowed }: Pick<Route<HttpSurface>, 'methods'>): void {
  const methods = [...allowed, 'OPTIONS'].join(', ');
  response.writeHead(204, {
    Allow: methods,
    'Access-Control-Allow-Headers': 'Content-Type',
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Max-Age': '600',
  });
  response.end();
}

function hasTwoHosts(request: IncomingMessage): boolean {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'host').length > 1;
}
