import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The relay cannot start; the message is one sentence that says why and what to do. */
export class RelayStartError extends Error {
  override readonly name = 'RelayStartError';
}

/** Servers that listen on one port, one for each address of the host. */
export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
}

/** Where to listen. */
export interface ListenRequest {
  /** A name or address; `localhost` stands for 127.0.0.1 and ::1 together. */
  readonly host: string;
  /** 0 takes any free one, the same for all addresses. */
  readonly port: number;
  readonly createServer: () => Server;
}

/** A free port of one address may be taken on another; then the next one is tried. */
const FREE_PORT_ATTEMPTS = 10;
/** This machine does not speak that version of IP. */
const NO_SUCH_STACK: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Starts to listen.
 *
 * @throws RelayStartError if an address is in use or cannot be bound
 */
export async function listen(request: ListenRequest): Promise<Listening> {
  const attempts = request.port === 0 ? FREE_PORT_ATTEMPTS : 1;
  let problem: unknown;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const opened: Server[] = [];
    try {
      return await listenOnAll(request, opened);
    } catch (error) {
      for (const server of opened) server.close();
      problem = error;
      if (codeOf(error) !== 'EADDRINUSE') break;
    }
  }
  throw new RelayStartError(explain(problem, request), { cause: problem });
}

async function listenOnAll({ host, port, createServer }: ListenRequest, opened: Server[]): Promise<Listening> {
  const addresses = host.toLowerCase() === 'localhost' ? ['127.0.0.1', '::1'] : [host.replace(/^\[(.*)\]$/, '$1')];
  let bound = port;
  let missing: unknown;
  for (const address of addresses) {
    const server = createServer();
    server.listen(bound, address);
    try {
      await once(server, 'listening');
    } catch (error) {
      if (addresses.length === 1 || !NO_SUCH_STACK.has(codeOf(error))) throw error;
      missing = error;
      continue;
    }
    opened.push(server);
    bound = (server.address() as AddressInfo).port;
  }
  if (opened.length === 0) throw missing;
  return { port: bound, servers: opened };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function explain(error: unknown, { host, port }: ListenRequest): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is already in use: stop the program that uses it, or choose another with --port.`;
    case 'EACCES':
      return `Port ${port} of ${host} may not be used by this user: choose one above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine: choose another with --host.`;
    default:
      return `Cannot listen on port ${port} of ${host}: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
