import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** A live-event hub that counts who is connected to it: the only way to see that a browser never opens two sockets. */
export interface CountingHub {
  readonly address: string;
  /** Sockets that are open now, that were ever opened, and the most at one time. */
  readonly counts: { open: number; opened: number; most: number };
  /** Resolves when `opened` has reached this number. */
  untilOpened(times: number): Promise<void>;
  /** Calls back on every socket that opens, after the greeting; returns how to end that. */
  onOpened(listener: () => void): () => void;
  /** Loses every socket, without a word. */
  drop(): void;
  /** Sends a frame to all. */
  send(frame: unknown): void;
  stop(): Promise<void>;
}

/** Starts a hub on a free port; it greets with what `greet` says at that moment, and answers nothing but pings. */
export async function startCountingHub(greet = (): unknown => ({ type: 'hub_hello' })): Promise<CountingHub> {
  const counts = { open: 0, opened: 0, most: 0 };
  const watchers = new Set<() => void>();
  const http = createServer((_request, response) => response.writeHead(404).end());
  const server = new WebSocketServer({ server: http, path: '/ws' });
  server.on('connection', (socket: WebSocket) => {
    counts.open += 1;
    counts.opened += 1;
    // One whose goodbye is here already is closed on the browser's side, whenever it is gone on this one.
    const living = [...server.clients].filter(({ readyState }) => readyState === socket.OPEN);
    counts.most = Math.max(counts.most, living.length);
    socket.on('close', () => (counts.open -= 1));
    socket.on('message', (data: Buffer) => {
      if (data.toString().includes('"ping"')) socket.send(JSON.stringify({ type: 'pong' }));
    });
    socket.send(JSON.stringify(greet()));
    for (const watch of watchers) watch();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    counts,
    untilOpened: (times) =>
      new Promise((resolve) => {
        const watch = (): void => {
          if (counts.opened < times) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    onOpened: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    drop: () => {
      for (const socket of server.clients) socket.terminate();
    },
    send: (frame) => {
      for (const socket of server.clients) socket.send(JSON.stringify(frame));
    },
    stop: async () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
      http.close();
      await once(http, 'close');
    },
  };
}
