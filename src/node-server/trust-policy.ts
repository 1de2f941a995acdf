/**
 * Who may talk to the relay. A browser lets any page send requests and open
 * WebSockets to this machine, so every request and upgrade is judged by the two
 * headers that a page cannot choose: `Host` (a name that somebody pointed at
 * this machine is not ours) and `Origin` (docs/architecture.md, Trust).
 */

/** What the operator has set. */
export interface TrustSettings {
  /** The host that the relay is bound to. */
  readonly host: string;
  /** Origins of pages that may talk to it besides, each as {@link normalOrigin} gives it. */
  readonly allowOrigins: readonly string[];
  /** Host names that it goes by besides, without ports. */
  readonly allowHosts: readonly string[];
}

/** The two headers of one request that decide. */
export interface PeerHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/** Whether a request may be served. `origin` is the page that may read the answer; absent if no page asked. */
export type TrustVerdict =
  | { readonly ok: true; readonly origin?: string }
  | { readonly ok: false; readonly code: 'host_not_allowed' | 'origin_not_allowed'; readonly message: string };

/** Judges requests by the settings; pure. */
export type TrustPolicy = (headers: PeerHeaders) => TrustVerdict;

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const HOST_HEADER = /^(\[[0-9a-f:.]+\]|[^\s:/@?#[\]\\]+)(?::\d{1,5})?$/i;
const WILDCARD_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]', '']);

/** Whether only this machine can reach what is bound to that host. */
export function isLoopbackBind(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/**
 * The origin of a page's address, as browsers write it into `Origin`:
 * `http://localhost:5173`. `undefined` if the text is no `http` or `https` address.
 */
export function normalOrigin(address: string): string | undefined {
  const origin = originOf(address);
  return origin !== undefined && /^https?:\/\//.test(origin) ? origin : undefined;
}

/**
 * A host as browsers write it into `Host`, without a port: in lower case, names of other scripts in their ASCII form, IPv6
 * addresses short and in brackets. `undefined` if the text is no name or address alone.
 */
export function normalHost(name: string): string | undefined {
  if (!/^[^\s/?#@\\]+$/.test(name)) return undefined;
  try {
    return new URL(`http://${bracketed(name)}`).hostname;
  } catch {
    return undefined;
  }
}

/** Makes the judge for one relay. */
export function createTrustPolicy(settings: TrustSettings): TrustPolicy {
  const isLoopback = isLoopbackBind(settings.host);
  const own = WILDCARD_HOSTS.has(settings.host) ? [] : [settings.host];
  const named = [...own, ...settings.allowHosts].map(normalHost).filter((name) => name !== undefined);
  const hostNames = new Set([...LOOPBACK_NAMES, ...named]);
  const origins = new Set(settings.allowOrigins);
  return ({ host, origin }) => {
    const name = HOST_HEADER.exec(host ?? '')?.[1]?.toLowerCase();
    if (name === undefined || !hostNames.has(name)) return refuseHost(host);
    if (origin === undefined) return { ok: true };
    const isAllowed =
      origins.has(origin) || (isLoopback && isLoopbackOrigin(origin)) || isOwnOrigin(origin, host ?? '');
    return isAllowed ? { ok: true, origin } : refuseOrigin(origin);
  };
}

function isLoopbackOrigin(origin: string): boolean {
  if (normalOrigin(origin) !== origin) return false;
  return LOOPBACK_NAMES.has(new URL(origin).hostname);
}

function isOwnOrigin(origin: string, host: string): boolean {
  return origin === originOf(`http://${host}`) || origin === originOf(`https://${host}`);
}

function originOf(address: string): string | undefined {
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function refuseHost(host: string | undefined): TrustVerdict {
  const shown = JSON.stringify((host ?? '').slice(0, 200));
  return {
    ok: false,
    code: 'host_not_allowed',
    message: `This relay does not go by the host name in ${shown}. Use localhost, or start it with --allow-host NAME.`,
  };
}

function refuseOrigin(origin: string): TrustVerdict {
  const shown = JSON.stringify(origin.slice(0, 200));
  return {
    ok: false,
    code: 'origin_not_allowed',
    message: `Pages of the origin ${shown} may not talk to this relay. Start it with --allow-origin URL to let them.`,
  };
}
