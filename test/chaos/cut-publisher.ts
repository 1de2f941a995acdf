import { once } from 'node:events';
import WebSocket from 'ws';
import { said } from '../../src/node-server/test-support/said.ts';
import type { TcpProxy } from './tcp-proxy.ts';

/** Numbers that were sent on one connection, from the first to the last. */
export interface Sent {
  readonly first: number;
  last: number;
}

/** More than this is never handed to a socket at a time: the publisher waits, as one does whose hub is slow. */
const BACKLOG_BYTES = 256 * 1024;

/** A publisher whose connection breaks off. It asks for no acknowledgement: what was under way then is gone. */
export class CutPublisher {
  readonly producerId: string;
  readonly proxy: TcpProxy;
  readonly connections: Sent[] = [];
  #sequence = 0;
  #socket: WebSocket | undefined;
  #atMs = Date.now();

  constructor(producerId: string, proxy: TcpProxy) {
    this.producerId = producerId;
    this.proxy = proxy;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Sends the next event, on a new connection if the last one is gone. */
  async sayNext(): Promise<void> {
    const socket = await this.#open();
    this.#say(socket, messageOf(this.#sequence + 1));
    if (socket.bufferedAmount > BACKLOG_BYTES) await drained(socket);
  }

  /** Says the last event until it is known to have left on a connection that lives. */
  async sayLast(): Promise<void> {
    this.proxy.mode = { kind: 'pass' };
    this.proxy.cut();
    await this.#ended();
    this.#say(await this.#open(), said.ensembleCompleted());
  }

  close(): void {
    this.#socket?.close();
  }

  #say(socket: WebSocket, message: object): void {
    this.#sequence += 1;
    this.#atMs += 1;
    const connection = this.connections.at(-1);
    if (connection !== undefined) connection.last = this.#sequence;
    const producer = { producerId: this.producerId };
    const receivedAt = new Date(this.#atMs).toISOString();
    socket.send(JSON.stringify({ type: 'event', producer, sequence: this.#sequence, receivedAt, message }));
  }

  async #ended(): Promise<void> {
    const socket = this.#socket;
    if (socket !== undefined && socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  }

  async #open(): Promise<WebSocket> {
    while (this.#socket?.readyState !== WebSocket.OPEN) {
      const address = `${this.proxy.url.replace(/^http/, 'ws')}/ingress?producerId=${this.producerId}`;
      const socket = new WebSocket(address, { perMessageDeflate: false });
      socket.on('error', () => undefined);
      await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => undefined);
      this.#socket = socket;
      this.connections.push({ first: this.#sequence + 1, last: this.#sequence });
    }
    return this.#socket;
  }
}

/** Whether the n-th event is a token, which whoever comes later is not shown. */
export function isToken(n: number): boolean {
  return n > 2 && n % 4 === 0;
}

/** What a process says at its n-th event: a run whose one task calls tools and streams. */
function messageOf(n: number): object {
  if (n === 1) return said.ensembleStarted();
  if (n === 2) return said.taskStarted();
  return isToken(n) ? said.token({ token: `${n} ` }) : said.toolCalled({ toolName: `tool ${n % 7}` });
}

async function drained(socket: WebSocket): Promise<void> {
  while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount > BACKLOG_BYTES / 2) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
