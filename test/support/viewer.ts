import { once } from 'node:events';
import WebSocket, { type ClientOptions } from 'ws';

/** A message from the relay, by its fields. */
export type ViewerMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** Somebody who looks at a relay by a bare WebSocket, without a page. */
export class FakeViewer {
  readonly #socket: WebSocket;
  readonly #texts: string[] = [];
  readonly #messages: ViewerMessage[] = [];
  #closeCode: number | undefined;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      this.#texts.push(text);
      this.#messages.push(JSON.parse(text) as ViewerMessage);
      this.#wake();
    });
    socket.on('close', (code: number) => {
      this.#closeCode = code;
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  /** Connects and waits for the greeting. */
  static async connect(relayUrl: string, options: ClientOptions = {}): Promise<FakeViewer> {
    const viewer = await FakeViewer.open(relayUrl, options);
    await viewer.until(({ messages }) => messages.length > 0);
    return viewer;
  }

  /** Connects, and does not wait for anything to come. */
  static async open(relayUrl: string, options: ClientOptions = {}): Promise<FakeViewer> {
    const socket = new WebSocket(`${relayUrl.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false, ...options });
    const viewer = new FakeViewer(socket);
    await once(socket, 'open');
    return viewer;
  }

  /** The frames that came, as they came. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  get messages(): readonly ViewerMessage[] {
    return this.#messages;
  }

  /** The code with which the connection ended; `undefined` while it is open. */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  messagesOf(type: string): readonly ViewerMessage[] {
    return this.#messages.filter((message) => message.type === type);
  }

  /** Waits until what came satisfies the test; fails if the connection ends before it does. */
  async until(isEnough: (viewer: FakeViewer) => boolean): Promise<void> {
    while (!isEnough(this)) {
      if (this.#closeCode !== undefined) throw new Error(`The connection ended with ${this.#closeCode}.`);
      await this.#change();
    }
  }

  /** Waits for the end of the connection, and gives its code. */
  async closed(): Promise<number> {
    while (this.#closeCode === undefined) await this.#change();
    return this.#closeCode;
  }

  /** Sends one message. */
  say(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a text as it is. */
  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Sends bytes as a frame that is not text. */
  sendBinary(bytes: Buffer): void {
    this.#socket.send(bytes, { binary: true });
  }

  /** Decides a review. */
  decide(reviewId: string, decision: string, revisedOutput?: string): void {
    this.say({
      type: 'review_decision',
      reviewId,
      decision,
      ...(revisedOutput === undefined ? {} : { revisedOutput }),
    });
  }

  /** Takes nothing from the connection any more, as a page does that is stopped. */
  pause(): void {
    this.#socket.pause();
  }

  /** Takes what comes again. */
  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }

  /** Breaks the connection off, as a page does that is killed. */
  drop(): void {
    this.#socket.terminate();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
