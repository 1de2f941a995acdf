import type { OpenSocket, Socket, SocketEvents } from '../sources/socket.ts';

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly sent: string[] = [];
  /** Whether this side has closed it. */
  isClosed = false;
  /** Whether the other end has ended it. */
  isDropped = false;
  /** Told of every frame that is sent on it. */
  onSent: ((text: string) => void) | undefined;
  readonly #events: SocketEvents;

  constructor(url: string, events: SocketEvents) {
    this.url = url;
    this.#events = events;
  }

  send(text: string): void {
    this.sent.push(text);
    this.onSent?.(text);
  }

  close(): void {
    this.isClosed = true;
  }

  /** The other end takes the connection. */
  accept(): void {
    this.#events.onOpen();
  }

  /** The other end sends a frame: text as it is, anything else as JSON. */
  say(frame: unknown): void {
    this.#events.onText(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The other end sends a frame that is not text. */
  sayBinary(): void {
    this.#events.onBinary();
  }

  /** The connection ends. */
  drop(code = 1006): void {
    this.isDropped = true;
    this.#events.onClosed({ code, reason: '' });
  }

  /** Opening it throws, as is known only now. */
  throwLate(error: unknown): void {
    this.isDropped = true;
    this.#events.onThrown(error);
  }

  /** What was sent on it, read as JSON. */
  get messages(): unknown[] {
    return this.sent.map((text) => JSON.parse(text) as unknown);
  }
}

/** Hands out fake sockets and keeps them in the order in which they were opened. */
export class FakeSockets {
  readonly opened: FakeSocket[] = [];
  /** The most that were ever live at once. */
  mostLive = 0;
  /** Thrown by the next attempt, as a browser does at once. */
  failure: Error | undefined;
  /** Told of every socket that is opened. */
  onOpened: ((socket: FakeSocket) => void) | undefined;

  readonly open: OpenSocket = (url, events) => {
    if (this.failure !== undefined) throw this.failure;
    const socket = new FakeSocket(url, events);
    this.opened.push(socket);
    this.mostLive = Math.max(this.mostLive, this.live);
    this.onOpened?.(socket);
    return socket;
  };

  /** The newest one. */
  get last(): FakeSocket {
    const socket = this.opened.at(-1);
    if (socket === undefined) throw new Error('No socket has been opened.');
    return socket;
  }

  /** How many are neither closed nor dropped. */
  get live(): number {
    return this.opened.filter((socket) => !socket.isClosed && !socket.isDropped).length;
  }
}
