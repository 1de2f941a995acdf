// Who may talk to the relay (docs/security.md), written down once more as data: what stands here is not asked of the code that decides.

/** Where a relay is bound, and where it is reached from this machine. */
export interface Bind {
  readonly host: string;
  readonly reachedAt: string;
  /** Whether other machines could reach it: then only its own pages may talk to it, and `--no-auth` had to be said. */
  readonly isOpen: boolean;
}

export const BINDS: readonly Bind[] = [
  { host: '127.0.0.1', reachedAt: '127.0.0.1', isOpen: false },
  { host: '::1', reachedAt: '::1', isOpen: false },
  { host: '0.0.0.0', reachedAt: '127.0.0.1', isOpen: true },
];

/** The option `--allow-host`. */
export const ALLOWED_HOST = 'rostrum.example';
/** The option `--allow-origin`. */
export const ALLOWED_ORIGIN = 'https://pages.example';

/** A header `Host`, and whether it names this relay. `PORT` stands for the relay's port. */
export const HOSTS: readonly (readonly [header: string | undefined, isOurs: boolean])[] = [
  ['localhost:PORT', true],
  ['127.0.0.1:9', true],
  ['[::1]:PORT', true],
  [`${ALLOWED_HOST}:8443`, true],
  ['rebound.example:PORT', false],
  ['localhost.evil.example', false],
  ['192.168.1.20:PORT', false],
];

/** What kind of page asks. `own` is of the very address in `Host`. */
export type OriginKind = 'none' | 'own' | 'loopback' | 'allowed' | 'foreign';

/** A header `Origin`. `HOST` stands for the text in `Host`. */
export const ORIGINS: readonly (readonly [header: string | undefined, kind: OriginKind])[] = [
  [undefined, 'none'],
  ['http://HOST', 'own'],
  ['https://HOST', 'own'],
  ['http://localhost:5173', 'loopback'],
  ['http://[::1]:1', 'loopback'],
  [ALLOWED_ORIGIN, 'allowed'],
  ['null', 'foreign'],
  ['https://evil.example', 'foreign'],
  ['http://localhost.evil.example', 'foreign'],
  ['https://pages.example.evil.example', 'foreign'],
];

/** What is asked for, and the status with which it is answered to those who may ask. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly served: number;
  readonly isUpgrade?: true;
  readonly body?: string;
  /** The code of the error that those get who may ask. */
  readonly code?: string;
}

export const ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/', served: 200 },
  { method: 'GET', path: '/api/status', served: 200 },
  { method: 'GET', path: '/api/hub/producers', served: 200 },
  { method: 'GET', path: '/api/health/live', served: 200 },
  { method: 'GET', path: '/api/health/ready', served: 200 },
  { method: 'GET', path: '/api/reviews', served: 200 },
  { method: 'GET', path: '/metrics', served: 200 },
  { method: 'POST', path: '/api/reviews/none', served: 404, code: 'unknown_review', body: '{"decision":"CONTINUE"}' },
  { method: 'POST', path: '/api/hub/ingress', served: 202, body: 'ENVELOPE' },
  { method: 'GET', path: '/ws', served: 101, isUpgrade: true },
  { method: 'GET', path: '/ingress', served: 101, isUpgrade: true },
  { method: 'GET', path: '/ingress?producerId=a', served: 101, isUpgrade: true },
];

/** One combination of all of them. */
export interface Cell {
  readonly bind: Bind;
  readonly endpoint: Endpoint;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly expected: Answer;
}

/** How a request is answered: its status, the code of its error, and which page may read it. */
export interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly grants?: string;
}

/** All cells of one bind and endpoint. */
export function cellsOf(bind: Bind, endpoint: Endpoint, port: number): Cell[] {
  return HOSTS.flatMap(([hostHeader, isOurs]) =>
    ORIGINS.map(([originHeader, kind]) => {
      const host = hostHeader?.replace('PORT', String(port));
      const origin = originHeader?.replace('HOST', (host ?? '').toLowerCase());
      return { bind, endpoint, host, origin, expected: expected({ bind, endpoint, isOurs, origin, kind }) };
    }),
  );
}

interface Rule {
  readonly bind: Bind;
  readonly endpoint: Endpoint;
  readonly isOurs: boolean;
  readonly origin: string | undefined;
  readonly kind: OriginKind;
}

/** The kinds of page that may talk to a relay that only this machine reaches, and to one that others reach. */
const WELCOME: Readonly<Record<'closed' | 'open', readonly OriginKind[]>> = {
  closed: ['none', 'own', 'loopback', 'allowed'],
  open: ['none', 'own', 'allowed'],
};

function expected({ bind, endpoint, isOurs, origin, kind }: Rule): Answer {
  if (!isOurs) return { status: 403, code: 'host_not_allowed' };
  if (!WELCOME[bind.isOpen ? 'open' : 'closed'].includes(kind)) return { status: 403, code: 'origin_not_allowed' };
  const isGranted = origin !== undefined && endpoint.isUpgrade !== true;
  const code = endpoint.code === undefined ? {} : { code: endpoint.code };
  return { status: endpoint.served, ...code, ...(isGranted ? { grants: origin } : {}) };
}
