import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Takes an upgrade to WebSocket, with the bytes that came behind its head. */
export type OnWebSocketUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Header fields that mean nothing once the request is a plain one. */
const UPGRADE_FIELDS: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/**
 * Makes a server take upgrades to WebSocket, and serve every request that asks
 * for another protocol as if it had not asked (RFC 9110, 7.8 allows a server to
 * ignore `Upgrade`).
 *
 * The HTTP client of the JVM asks for `h2c` in each request to a plain-text
 * server. A server of Node that has an `upgrade` listener hands such a request
 * to that listener, body unread, and never to its request handler. So the
 * request is put back on its socket without the fields that ask, and the server
 * is given the socket anew. Later requests on it go the same way.
 */
export function sortUpgrades(server: Server, onWebSocket: OnWebSocketUpgrade): void {
  const answers = new OpenAnswers();
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => answers.opened(response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      onWebSocket(request, socket, head);
      return;
    }
    // A client that does not wait for one answer before it sends the next request gets them in order.
    // The server listens to this socket no longer, and an error that nobody hears ends the process.
    const ignore = () => undefined;
    socket.on('error', ignore);
    answers.whenNone(socket, () => {
      socket.off('error', ignore);
      if (socket.destroyed) return;
      socket.unshift(Buffer.concat([plainHead(request), head]));
      server.emit('connection', socket);
    });
  });
}

/** The head of a request as it would read had it not asked for an upgrade. */
function plainHead(request: IncomingMessage): Buffer {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    const kept = name.toLowerCase() === 'connection' ? withoutUpgradeFields(value) : value;
    if (!UPGRADE_FIELDS.has(name.toLowerCase()) && kept !== '') lines.push(`${name}: ${kept}`);
  }
  // The parser reads bytes as Latin-1, so that is what brings them back.
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function withoutUpgradeFields(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !UPGRADE_FIELDS.has(option.toLowerCase())).join(', ');
}

/** Counts, for each socket, the requests on it that have no complete answer yet. */
class OpenAnswers {
  readonly #open = new WeakMap<Duplex, number>();
  readonly #waiting = new WeakMap<Duplex, () => void>();

  opened(response: ServerResponse): void {
    const { socket } = response.req;
    this.#open.set(socket, (this.#open.get(socket) ?? 0) + 1);
    response.once('close', () => this.#closed(socket));
  }

  whenNone(socket: Duplex, run: () => void): void {
    if (this.#open.has(socket)) this.#waiting.set(socket, run);
    else run();
  }

  #closed(socket: Duplex): void {
    const left = (this.#open.get(socket) ?? 1) - 1;
    if (left > 0) {
      this.#open.set(socket, left);
      return;
    }
    this.#open.delete(socket);
    const run = this.#waiting.get(socket);
    this.#waiting.delete(socket);
    run?.();
  }
}
