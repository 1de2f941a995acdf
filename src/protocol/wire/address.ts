import { err, ok, type Result } from '../result.ts';
import { ADDRESS_MAX_CHARS } from './limits.ts';

/** What tells one source from another, and how to reach it. */
export interface SourceAddress {
  /** The canonical address: `ws` or `wss`, lower-case host, explicit port, path. A name is only a label beside it. */
  readonly sourceId: string;
  /** What to open a WebSocket to. */
  readonly url: string;
  /** Lower case; an IPv6 address stands in brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
}

/** Why a text is no address of a source. `message` is a sentence for the person who typed it. */
export interface AddressProblem {
  readonly code: 'blank' | 'too_long' | 'scheme' | 'credentials' | 'host' | 'port' | 'malformed';
  readonly message: string;
}

/** What this file asks of the platform's URL parser, which every browser, worker and Node has. */
interface ParsedUrl {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
}
declare const URL: new (text: string) => ParsedUrl;

const PORT_PROBLEM: AddressProblem = { code: 'port', message: 'A port is a number from 1 to 65535.' };
const EXAMPLE = 'Write it like localhost:7329 or ws://localhost:7400/ws.';
const SCHEMES: ReadonlyMap<string, { readonly secure: boolean; readonly page: boolean }> = new Map([
  ['http:', { secure: false, page: true }],
  ['https:', { secure: true, page: true }],
  ['ws:', { secure: false, page: false }],
  ['wss:', { secure: true, page: false }],
]);
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** White space and controls, which a URL parser drops without a word, and what it takes for a slash. */
const FORBIDDEN = /[\s\p{Cc}\\]/u;
const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * The canonical form of an address as people write one: `host:port`, or with
 * `http`, `https`, `ws` or `wss` before it, with or without `/ws` behind it.
 * Without a scheme it is `http`, without a port the scheme's own. Query and
 * fragment are dropped. The canonical form of a canonical address is itself.
 */
export function canonicalAddress(text: string): Result<SourceAddress, AddressProblem> {
  const trimmed = text.trim();
  const refusal = refuseText(trimmed);
  if (refusal !== undefined) return err(refusal);
  const schemeText = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(trimmed)?.[1];
  const scheme = SCHEMES.get(schemeText?.toLowerCase() ?? 'http:');
  if (scheme === undefined) {
    return refuse('scheme', `An address begins with ws, wss, http or https, or with none of them. ${EXAMPLE}`);
  }
  const parsed = parseUrl(schemeText === undefined ? `http://${trimmed}` : trimmed);
  if (parsed === undefined) return err(malformed(trimmed));
  return fromUrl(parsed, scheme);
}

/** Whether a host, in lower case, names this very machine. An IPv6 address stands in brackets. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.has(host);
}

function refuseText(text: string): AddressProblem | undefined {
  if (text === '') return { code: 'blank', message: `Type the address of a producer or hub. ${EXAMPLE}` };
  if (text.length > ADDRESS_MAX_CHARS) {
    return { code: 'too_long', message: `An address has at most ${ADDRESS_MAX_CHARS} characters. ${EXAMPLE}` };
  }
  return text.startsWith('/') || FORBIDDEN.test(text) ? malformed(text) : undefined;
}

function fromUrl(
  parsed: ParsedUrl,
  scheme: { readonly secure: boolean; readonly page: boolean },
): Result<SourceAddress, AddressProblem> {
  if (parsed.username !== '' || parsed.password !== '') {
    return refuse('credentials', 'Leave the name and password out: an address is shown, shared and kept.');
  }
  const host = parsed.hostname;
  if (!isHost(host)) return refuse('host', `That is not the name of a host, nor its IP address. ${EXAMPLE}`);
  const port = parsed.port === '' ? (scheme.secure ? 443 : 80) : Number(parsed.port);
  if (port === 0) return err(PORT_PROBLEM);
  const path = canonicalPath(parsed.pathname, scheme.page);
  const url = `${scheme.secure ? 'wss' : 'ws'}://${host}:${port}${path}`;
  return ok({ sourceId: url, url, host, port, secure: scheme.secure });
}

/** A page's address names a place whose socket is at `/ws` below it; a socket's address is taken at its word. */
function canonicalPath(pathname: string, page: boolean): string {
  const path = pathname.replace(/\/+$/, '');
  if (path === '') return '/ws';
  return page && !path.endsWith('/ws') ? `${path}/ws` : path;
}

/** Narrower than the URL parser, for which `$`, `*` and `a..b` are hosts as well. */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  return host.length <= 253 && host.split('.').every((label) => HOST_LABEL.test(label));
}

function parseUrl(text: string): ParsedUrl | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function malformed(text: string): AddressProblem {
  const bareIpv6 = /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(text);
  const hint = bareIpv6 ? 'An IPv6 address stands in brackets, like [::1]:7400.' : EXAMPLE;
  if (/:\d{5,}(?:[/?#]|$)/.test(text)) return PORT_PROBLEM;
  return { code: 'malformed', message: `That is not an address. ${hint}` };
}

function refuse(code: AddressProblem['code'], message: string): Result<never, AddressProblem> {
  return err({ code, message });
}
