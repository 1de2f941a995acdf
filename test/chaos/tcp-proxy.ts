import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a proxy treats the bytes that go through it. */
export type ProxyMode =
  | { readonly kind: 'pass' }
  /** Each piece comes that much later. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Byte by byte, as far as they come in the next moment. */
  | { readonly kind: 'dribble' }
  /** Nothing goes through and nobody is told. */
  | { readonly kind: 'hole' };

/** The longest piece that is handed on byte by byte: the rest goes as it is, or a large one would take minutes. */
const DRIBBLED_BYTES = 64;

/** A way to a port of this machine on which everything happens that happens on networks. */
export class TcpProxy {
  mode: ProxyMode = { kind: 'pass' };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** How many pieces are under way to a socket: what comes behind them waits as long, for TCP never changes the order. */
  readonly #late = new Map<Socket, number>();
  #lateMs = 0;

  private constructor(targetPort: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  static async open(targetPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(targetPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks every connection off, both ways: what was under way is lost, and both ends see a reset. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    for (const timer of this.#timers) clearTimeout(timer);
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => this.#hand(bytes, from, to));
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!to.destroyed) to.resetAndDestroy();
    });
  }

  #hand(bytes: Buffer, from: Socket, to: Socket): void {
    if (this.mode.kind === 'hole' || to.destroyed) return;
    if (this.mode.kind === 'late') this.#lateMs = this.mode.ms;
    if (this.mode.kind === 'late' || this.#late.has(to)) return this.#handLater(bytes, to);
    const dribbled = this.mode.kind === 'dribble' ? Math.min(bytes.length, DRIBBLED_BYTES) : 0;
    for (let at = 0; at < dribbled; at += 1) to.write(bytes.subarray(at, at + 1));
    if (dribbled === bytes.length || to.write(bytes.subarray(dribbled))) return;
    from.pause();
    to.once('drain', () => from.resume());
  }

  #handLater(bytes: Buffer, to: Socket): void {
    this.#late.set(to, (this.#late.get(to) ?? 0) + 1);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const left = (this.#late.get(to) ?? 1) - 1;
      if (left === 0) this.#late.delete(to);
      else this.#late.set(to, left);
      if (!to.destroyed) to.write(bytes);
    }, this.#lateMs);
    this.#timers.add(timer);
  }
}
