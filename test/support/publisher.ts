import { once } from 'node:events';
import WebSocket from 'ws';

/** Who a fake publisher says it is, and where it connects. */
export interface PublisherSetup {
  /** Address of the relay's page or API: `http://localhost:7400`. */
  readonly relayUrl: string;
  readonly producerId: string;
  readonly serviceName?: string;
  /** Whether the address of its socket names it, as a JVM publisher's does. On unless told otherwise. */
  readonly isNamedInAddress?: boolean;
}

/** A decision as it came back. */
export interface ReceivedDecision {
  readonly reviewId: string;
  readonly decisionJson: string;
}

/**
 * A process that publishes to a relay by WebSocket, as a JVM does: no origin, no
 * subprotocol, no ping. It numbers and stamps its messages, and goes on counting
 * when it reconnects; {@link FakePublisher.restart} makes it a new process.
 */
export class FakePublisher {
  readonly #setup: PublisherSetup;
  readonly #frames: unknown[] = [];
  #socket: WebSocket | undefined;
  #sequence = 0;
  /** How the relay has ended the connection, if it has. */
  #closeCode: number | undefined;
  #wake: () => void = () => undefined;

  constructor(setup: PublisherSetup) {
    this.#setup = setup;
  }

  /** Connects, or connects anew. */
  async connect(): Promise<void> {
    const { relayUrl, producerId, isNamedInAddress = true } = this.#setup;
    const query = isNamedInAddress ? `?producerId=${encodeURIComponent(producerId)}` : '';
    const socket = new WebSocket(`${relayUrl.replace(/^http/, 'ws')}/ingress${query}`, { perMessageDeflate: false });
    this.#socket = socket;
    this.#closeCode = undefined;
    socket.on('close', (code: number) => {
      if (this.#socket !== socket) return;
      this.#closeCode = code;
      this.#wake();
    });
    socket.on('message', (data: Buffer) => {
      this.#frames.push(JSON.parse(data.toString('utf8')));
      this.#wake();
    });
    await once(socket, 'open');
  }

  /** Sends one message of an ensemble in the next envelope, and gives the text of that envelope. */
  say(message: object): string {
    const text = this.envelope(message);
    this.sendText(text);
    return text;
  }

  /** The text of the next envelope; nothing is sent. */
  envelope(message: object): string {
    const { producerId, serviceName } = this.#setup;
    this.#sequence += 1;
    return JSON.stringify({
      type: 'event',
      producer: { producerId, ...(serviceName === undefined ? {} : { serviceName }) },
      sequence: this.#sequence,
      receivedAt: new Date().toISOString(),
      message,
    });
  }

  /** Sends a text as it is. */
  sendText(text: string): void {
    if (this.#socket === undefined) throw new Error('The publisher is not connected.');
    this.#socket.send(text);
  }

  /** Posts one message instead of sending it by socket, and gives the status of the answer. */
  async post(message: object): Promise<number> {
    const response = await fetch(`${this.#setup.relayUrl}/api/hub/ingress`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: this.envelope(message),
    });
    return response.status;
  }

  /** All that the relay has sent on all connections. */
  get frames(): readonly unknown[] {
    return this.#frames;
  }

  /** The decisions that came, in order, those that came again included. */
  get decisions(): readonly ReceivedDecision[] {
    return this.#frames.filter(isDecision);
  }

  /** Waits until what came satisfies the test; fails if the relay ends the connection before it does. */
  async until(isEnough: (publisher: FakePublisher) => boolean): Promise<void> {
    while (!isEnough(this)) {
      if (this.#closeCode !== undefined) throw new Error(`The relay ended the connection with ${this.#closeCode}.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Reads nothing any more, as a process does that is busy. */
  pause(): void {
    this.#socket?.pause();
  }

  /** Reads again. */
  resume(): void {
    this.#socket?.resume();
  }

  /** Breaks the connection off without a goodbye, as a process does that ends. */
  drop(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Ends the connection in good order. */
  close(): void {
    this.#socket?.close(1000, 'stopped');
    this.#socket = undefined;
  }

  /** Becomes a new process: it counts from 1 again. It must connect anew. */
  restart(): void {
    this.drop();
    this.#sequence = 0;
  }
}

function isDecision(frame: unknown): frame is ReceivedDecision {
  return typeof frame === 'object' && frame !== null && 'reviewId' in frame && 'decisionJson' in frame;
}
