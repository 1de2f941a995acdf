import { createServer, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpProblem, refuseUpgrade } from './http-error.ts';
import type { RelayLimits } from './relay-limits.ts';
import { type OnWebSocketUpgrade, sortUpgrades } from './upgrade-sorter.ts';
import { closeWaitingAnswers } from './waiting-answers.ts';

/** What bounds one request and its connection. */
export type HttpLimits = Pick<
  RelayLimits,
  'maxSockets' | 'maxHeaderBytes' | 'headersTimeoutMs' | 'requestTimeoutMs' | 'keepAliveMs'
>;

const PROBLEM_OF_PARSER: ReadonlyMap<string, HttpProblem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'headers_too_large', message: 'The headers are too long.' }],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    {
      status: 408,
      code: 'too_slow',
      message:
        'The request did not come in time, or was not read in time because too much waits for viewers. Nothing of it was taken: send it again.',
    },
  ],
]);
const MALFORMED: HttpProblem = { status: 400, code: 'malformed', message: 'That is not an HTTP request.' };

/** How often at least it is looked for requests that take too long, in milliseconds. */
const CHECK_MS = 5_000;

/** What a server does with what comes in. */
export interface HttpHandlers {
  readonly onRequest: RequestListener;
  readonly onWebSocket: OnWebSocketUpgrade;
}

/** An HTTP server that does not listen yet, with the relay's limits. */
export function createHttpServer({ onRequest, onWebSocket }: HttpHandlers, limits: HttpLimits): Server {
  // Node refuses to give headers more time than the request that they belong to.
  const headersTimeout = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(Math.ceil(headersTimeout / 2), CHECK_MS),
    },
    onRequest,
  );
  server.maxConnections = limits.maxSockets;
  closeWaitingAnswers(server);
  sortUpgrades(server, onWebSocket);
  // What a client expects may be ignored (RFC 9110, 10.1.1); the server would answer by itself, unjudged.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    if (socket.writable && error.code !== 'ECONNRESET') {
      refuseUpgrade(socket, PROBLEM_OF_PARSER.get(error.code ?? '') ?? MALFORMED);
    } else socket.destroy();
  });
  return server;
}
