import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The servers that the relay is compared with, in one process: what somebody
 * writes in ten lines. They parse nothing, keep nothing and check nothing.
 *
 * - `/ingress` and `/ws`: each frame of a publisher is sent to each viewer in a loop
 * - `/count`: frames are counted, nothing else
 * - `/greeting?bytes=N`: a prepared string of N characters is sent to whoever connects
 */
export function servePeers(): void {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const viewers = new Set<WebSocket>();
  const greetings = new Map<number, string>();
  sockets.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    socket.on('error', () => socket.terminate());
    if (url.pathname === '/ws') {
      viewers.add(socket);
      socket.on('close', () => viewers.delete(socket));
    } else if (url.pathname === '/ingress') {
      socket.on('message', (data: Buffer) => {
        for (const viewer of viewers) viewer.send(data, { binary: false });
      });
    } else if (url.pathname === '/count') {
      let counted = 0;
      socket.on('message', () => {
        counted += 1;
      });
      socket.on('ping', () => socket.send(String(counted)));
    } else if (url.pathname === '/greeting') {
      const bytes = Number(url.searchParams.get('bytes'));
      const text = greetings.get(bytes) ?? 'x'.repeat(bytes);
      greetings.set(bytes, text);
      socket.send(text);
    }
  });
  http.listen(0, '127.0.0.1', () => {
    process.stdout.write(`Peers ready on http://localhost:${(http.address() as AddressInfo).port}\n`);
  });
}
