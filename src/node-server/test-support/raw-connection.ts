import { connect, type Socket } from 'node:net';

/** A TCP connection that a test speaks byte by byte. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #isEnded = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    // An abrupt end is an end as well; what was received tells the rest.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isEnded = true;
      this.#wake();
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawConnection> {
    const socket = connect({ port, host, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawConnection(socket);
  }

  /** Everything that came so far. */
  get received(): string {
    return this.#received;
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Ends this side only, as a client does that has said everything. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Waits until what came satisfies the test; fails if the connection ends before it does. */
  async until(isEnough: (received: string) => boolean): Promise<string> {
    while (!isEnough(this.#received)) {
      if (this.#isEnded) throw new Error(`The connection ended after: ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received;
  }

  /** Waits until the other side has ended, and gives everything that came. */
  async ended(): Promise<string> {
    while (!this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received;
  }
}

/** How many HTTP responses stand in a text. */
export function responseCount(received: string): number {
  return received.split(/HTTP\/1\.1 \d{3} /).length - 1;
}

/** The status codes of the HTTP responses in a text, in order. */
export function statusesOf(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}
