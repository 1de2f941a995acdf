import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type HttpProblem, refuseUpgrade } from './http-error.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What a peer's socket tells its owner. */
export interface PeerSocketEvents {
  onText(data: Buffer): void;
  /** Something came from the peer, were it only a ping or pong. */
  onSign(): void;
  onPing(data: Buffer): void;
  /** Told once, however it ended. */
  onClosed(code: number): void;
}

/** How the two sides of the relay take WebSockets. */
export interface HandshakeOptions {
  /** Whether pings are answered at once, by the library itself. */
  readonly autoPong: boolean;
  readonly limits: Pick<RelayLimits, 'maxFrameBytes' | 'maxFragments' | 'maxFrameChunks' | 'closeTimeoutMs'>;
}

/** Completes the upgrade of one request, or refuses it. */
export type Handshake = (
  upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
  onOpen: (socket: WebSocket) => void,
) => void;

/** The WebSocket protocol's own: what came was not text (RFC 6455, 7.4.1). */
const NOT_TEXT_CODE = 1003;
/** The library counts with 32 bits, and would take more for no limit at all. */
const LIBRARY_MAX_BYTES = 2 ** 31 - 1;
const BAD_HANDSHAKE: HttpProblem = {
  status: 400,
  code: 'bad_handshake',
  message: 'That is not a WebSocket handshake of version 13 (RFC 6455).',
  headers: { 'Sec-WebSocket-Version': '13' },
};

/**
 * Makes a side of the relay that takes WebSockets. A frame of more than
 * `maxFrameBytes` ends its connection with 1009, one in too many pieces with
 * 1008. Whoever does not answer that it is ended is cut off after
 * `closeTimeoutMs`. Nothing is compressed: on one machine that costs more than it saves, and
 * frames are shared by viewers.
 */
export function createHandshake({ autoPong, limits }: HandshakeOptions): Handshake {
  // The types of the library do not know these yet.
  const untyped = {
    maxFragments: limits.maxFragments,
    maxBufferedChunks: limits.maxFrameChunks,
    closeTimeout: limits.closeTimeoutMs,
  };
  const server = new WebSocketServer({
    ...untyped,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: Math.min(limits.maxFrameBytes, LIBRARY_MAX_BYTES),
    autoPong,
    // The library would choose the first that is offered, and we speak none.
    handleProtocols: () => false,
  });
  server.on('wsClientError', (_error: Error, socket: Duplex) => refuseUpgrade(socket, BAD_HANDSHAKE));
  return ({ request, socket, head }, onOpen) => server.handleUpgrade(request, socket, head, onOpen);
}

/** Tells what a socket says, and nothing after it began to close. */
export function listenToPeer(socket: WebSocket, events: PeerSocketEvents): void {
  socket.on('message', (data: RawData, isBinary: boolean) => {
    events.onSign();
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary || !Buffer.isBuffer(data)) socket.close(NOT_TEXT_CODE, 'not text');
    else events.onText(data);
  });
  socket.on('ping', (data: Buffer) => {
    events.onSign();
    if (socket.readyState === socket.OPEN) events.onPing(data);
  });
  socket.on('pong', () => events.onSign());
  // What went wrong is told by the close that follows.
  socket.on('error', () => undefined);
  socket.on('close', (code: number) => events.onClosed(code));
}
