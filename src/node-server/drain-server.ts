import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';

/**
 * Ends a server: it takes no new connections, gives the answers that it owes for
 * at most `graceMs`, and closes what is left. Settles when upgraded connections,
 * which are not its business, have ended as well.
 */
export type DrainServer = (clock: Clock, graceMs: number) => Promise<void>;

/** Keeps account of the answers that a server owes, so that it can be ended in good order. */
export function drainable(server: Server): DrainServer {
  const open = new Set<ServerResponse>();
  let onAllAnswered: () => void = () => undefined;
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) onAllAnswered();
    });
  });
  return async (clock, graceMs) => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    if (open.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(graceMs, resolve);
        onAllAnswered = () => {
          cancel();
          resolve();
        };
      });
    }
    // The server no longer knows a socket whose next request asked for another protocol: it waits for the answer before it.
    for (const { req } of open) req.socket.destroy();
    server.closeAllConnections();
    await closed;
  };
}
