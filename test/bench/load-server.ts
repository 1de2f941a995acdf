import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { joined } from './traffic.ts';

/** How much may wait in the server before the bench makes no more of it. */
const MAX_BUFFERED_BYTES = 1 << 20;

/** A live-event hub of the bench's own: what reaches the browser, and when, is then known to the millisecond. */
export interface LoadServer {
  /** For `?server=` of the page. */
  readonly address: string;
  /** Resolves once a hub is connected. */
  connected(): Promise<void>;
  /** Sends each text as one frame. */
  send(texts: readonly string[]): void;
  /** Resolves once the browser has taken what was sent, but for a rest that fits into the buffers of the system. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on a free port; it greets, and says that so many processes are there. */
export async function startLoadServer(producers: number): Promise<LoadServer> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, path: '/ws' });
  let socket: WebSocket | undefined;
  const first = new Promise<void>((resolve) => {
    server.on('connection', (opened: WebSocket) => {
      socket = opened;
      opened.on('message', () => opened.send('{"type":"pong"}'));
      opened.send('{"type":"hub_hello"}');
      for (const text of joined(producers)) opened.send(text);
      resolve();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    address: `ws://127.0.0.1:${port}/ws`,
    connected: () => first,
    send: (texts) => {
      for (const text of texts) socket?.send(text);
    },
    drained: async () => {
      while ((socket?.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES) await new Promise(setImmediate);
    },
    stop: async () => {
      for (const open of server.clients) open.terminate();
      server.close();
      http.close();
      await once(http, 'close');
    },
  };
}
