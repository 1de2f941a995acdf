import { createServer, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpProblem, refuseUpgrade } from './http-error.ts';
import { type OnWebSocketUpgrade, sortUpgrades } from './upgrade-sorter.ts';

const HEADERS_MAX_BYTES = 16 * 1024;
/** A peer that dribbles its headers in holds a connection and nothing else; it may do so this long. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * How long an idle connection is kept for the next request. Longer than any
 * client keeps it (20 minutes before JDK 21): one that a server closes just
 * when a client posts on it costs that post, for publishers never repeat one.
 */
const KEEP_ALIVE_MS = 21 * 60_000;

const PROBLEM_OF_PARSER: ReadonlyMap<string, HttpProblem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'headers_too_large', message: 'The headers are too long.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, code: 'too_slow', message: 'The request did not come in time.' }],
]);
const MALFORMED: HttpProblem = { status: 400, code: 'malformed', message: 'That is not an HTTP request.' };

/** What a server does with what comes in. */
export interface HttpHandlers {
  readonly onRequest: RequestListener;
  readonly onWebSocket: OnWebSocketUpgrade;
}

/** An HTTP server that does not listen yet, with the relay's limits. */
export function createHttpServer({ onRequest, onWebSocket }: HttpHandlers): Server {
  const server = createServer(
    {
      maxHeaderSize: HEADERS_MAX_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: HEADERS_TIMEOUT_MS / 2,
    },
    onRequest,
  );
  sortUpgrades(server, onWebSocket);
  server.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    if (socket.writable && error.code !== 'ECONNRESET') {
      refuseUpgrade(socket, PROBLEM_OF_PARSER.get(error.code ?? '') ?? MALFORMED);
    } else socket.destroy();
  });
  return server;
}
