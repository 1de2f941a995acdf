import type { OpenSocket, Socket } from './socket.ts';

/**
 * Opens sockets only while `mayOpen` says so at that moment. A hub that was frozen may be woken by anything, a timer or a
 * tab, before it is told that another one holds the connections by now; one that is turned away here stays silent.
 */
export function guardSocket(openSocket: OpenSocket, mayOpen: () => Promise<boolean>): OpenSocket {
  return (url, events) => {
    let socket: Socket | undefined;
    let isClosed = false;
    function open(isAllowed: boolean): void {
      if (!isAllowed || isClosed) return;
      try {
        socket = openSocket(url, events);
      } catch (error) {
        events.onThrown(error);
      }
    }
    void mayOpen().then(open, (error: unknown) => events.onThrown(error));
    return {
      send: (text) => socket?.send(text),
      close() {
        isClosed = true;
        socket?.close();
      },
    };
  };
}
