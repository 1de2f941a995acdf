/** How a connection ended: the code and reason of RFC 6455, 7.1.5 and 7.1.6. */
export interface SocketClosed {
  readonly code: number;
  readonly reason: string;
}

/** What a socket tells its owner. After `onClosed` it says nothing more. */
export interface SocketEvents {
  onOpen(): void;
  onText(text: string): void;
  /** A frame that is not text, which nobody on this wire sends. */
  onBinary(): void;
  onClosed(closed: SocketClosed): void;
  /** What opening it would have thrown, where that is known only later; in place of `onClosed`. */
  onThrown(error: unknown): void;
}

/** The little that the hub needs of a socket, so that a demo or a test can stand in for a real one. */
export interface Socket {
  /** Sends one text frame; on a socket that is not open it is lost. */
  send(text: string): void;
  /** Ends the connection; it is told by `onClosed`, as every end is. Closing twice is no error. */
  close(): void;
}

/**
 * Opens a socket. It tells nothing before this function has returned.
 *
 * @throws what the browser throws at once: a `SecurityError` for mixed content, a `SyntaxError` for a bad address
 */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;
