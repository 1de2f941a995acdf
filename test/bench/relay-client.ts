import { connect, type Socket } from 'node:net';
import { maskedFrame } from './relay-traffic.ts';

/** What comes on a socket, told as it is read. */
export interface FrameEvents {
  /** A text frame of so many bytes has come as a whole. */
  onText?: (bytes: number) => void;
  onPong?: () => void;
}

const OPCODE = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;
const READ_BYTES = 256 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/**
 * A WebSocket that reads no more than the heads of frames, so that the client
 * of a bench costs as little as it can: who measures a server must not be its limit.
 */
export class BenchSocket {
  readonly socket: Socket;
  readonly #events: FrameEvents;
  #opened: () => void = () => undefined;
  #isOpen = false;
  #rest = Buffer.alloc(0);
  #opcode = 0;
  #bytes = 0;
  #missing = 0;

  private constructor(port: number, path: string, events: FrameEvents) {
    this.#events = events;
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (count: number, buffer: Uint8Array) => {
        this.#read(buffer.subarray(0, count));
        return true;
      },
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}${END_OF_HEAD}`,
    );
  }

  /** Connects to 127.0.0.1 and completes the handshake. */
  static async open(port: number, path: string, events: FrameEvents = {}): Promise<BenchSocket> {
    const opened = await new Promise<BenchSocket>((resolve, reject) => {
      const made = new BenchSocket(port, path, events);
      made.#opened = () => resolve(made);
      made.socket.once('error', reject);
      made.socket.once('close', () => reject(new Error(`The server did not open ${path}.`)));
    });
    return opened;
  }

  /** Whether everything before was handled by the other side: it answers in order. */
  ping(): void {
    for (const part of maskedFrame(OPCODE.ping)) this.socket.write(part);
  }

  /** Breaks the connection off. */
  drop(): void {
    this.socket.destroy();
  }

  #read(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = Buffer.alloc(0);
    }
    if (!this.#isOpen) bytes = this.#readAnswer(bytes);
    let at = 0;
    while (at < bytes.length) {
      if (this.#missing > 0) at += this.#skip(bytes.length - at);
      else {
        const size = this.#readHead(bytes, at);
        if (size === 0) {
          this.#rest = Buffer.from(bytes.subarray(at));
          return;
        }
        at += size;
        if (this.#missing === 0) this.#tell();
      }
    }
  }

  #readAnswer(bytes: Uint8Array): Uint8Array {
    const end = Buffer.from(bytes).indexOf(END_OF_HEAD);
    if (end === -1) {
      this.#rest = Buffer.from(bytes);
      return bytes.subarray(bytes.length);
    }
    if (!Buffer.from(bytes).toString('latin1').startsWith('HTTP/1.1 101')) {
      this.socket.destroy();
      return bytes.subarray(bytes.length);
    }
    this.#isOpen = true;
    this.#opened();
    return bytes.subarray(end + END_OF_HEAD.length);
  }

  /** The size of the frame's head; 0 if it is not all there. */
  #readHead(bytes: Uint8Array, at: number): number {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const size = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + size > bytes.length) return 0;
    this.#opcode = (bytes[at] ?? 0) & 0x0f;
    this.#bytes = short;
    if (size > 2) {
      this.#bytes = 0;
      for (let index = at + 2; index < at + size; index += 1) this.#bytes = this.#bytes * 256 + (bytes[index] ?? 0);
    }
    this.#missing = this.#bytes;
    return size;
  }

  #skip(available: number): number {
    const count = Math.min(available, this.#missing);
    this.#missing -= count;
    if (this.#missing === 0) this.#tell();
    return count;
  }

  #tell(): void {
    if (this.#opcode === OPCODE.text) this.#events.onText?.(this.#bytes);
    else if (this.#opcode === OPCODE.pong) this.#events.onPong?.();
    else if (this.#opcode === OPCODE.ping) this.socket.write(Buffer.concat(maskedFrame(OPCODE.pong)));
    else if (this.#opcode === OPCODE.close) this.socket.destroy();
  }
}
