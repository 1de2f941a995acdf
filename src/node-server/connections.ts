import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CancelTimer } from './clock.ts';
import { refuseUpgrade } from './http-error.ts';
import { createHandshake, type Handshake } from './peer-socket.ts';
import { type Peer, type PeerContext, PublisherPeer } from './publisher-peer.ts';
import { type GateState, judgeUpgrade } from './upgrade-gate.ts';
import { ViewerPeer } from './viewer-peer.ts';

/** What the connections need of the relay around them. */
export interface ConnectionsContext extends Omit<PeerContext, 'onClosed'> {
  readonly gate: () => Omit<GateState, 'isFull'>;
}

/** Every WebSocket of the relay: lets them in, counts them, and sees that each is still alive. */
export class Connections {
  readonly #context: ConnectionsContext;
  readonly #peers = new Set<Peer>();
  readonly #takeViewer: Handshake;
  readonly #takePublisher: Handshake;
  #viewerCount = 0;
  #publisherCount = 0;
  #cancelHeartbeat: CancelTimer | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(context: ConnectionsContext) {
    const { limits } = context;
    this.#context = context;
    // Frames of a viewer are written past the library, so it must write none in the middle of one.
    this.#takeViewer = createHandshake({ autoPong: false, limits });
    this.#takePublisher = createHandshake({ autoPong: true, limits });
  }

  get size(): number {
    return this.#peers.size;
  }

  /** Takes or refuses a request to speak WebSocket. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const judged = judgeUpgrade(request, {
      ...this.#context.gate(),
      isFull: this.size >= this.#context.limits.maxConnections,
    });
    if (!judged.ok) {
      this.#context.log.debug('An upgrade was refused.', { code: judged.error.code });
      refuseUpgrade(socket, judged.error);
    } else if (judged.value.kind === 'viewer') this.#openViewer({ request, socket, head });
    else this.#openPublisher({ request, socket, head }, judged.value.producerId);
  };

  /**
   * Ends all in good order, and at once those that have not ended after `graceMs`.
   * Settles when all have ended, and says how many had to be ended at once.
   */
  async close(graceMs: number): Promise<number> {
    for (const peer of this.#peers) peer.goAway();
    const empty = this.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => (this.#onEmpty = resolve));
    await Promise.race([empty, this.#passed(graceMs, empty)]);
    const late = this.size;
    for (const peer of this.#peers) peer.terminate();
    await empty;
    this.#cancelHeartbeat?.();
    return late;
  }

  async #passed(ms: number, orUntil: Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#context.clock.after(ms, resolve);
      void orUntil.then(() => {
        cancel();
        resolve();
      });
    });
  }

  #openViewer(upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer }): void {
    this.#takeViewer(upgrade, (webSocket) => {
      this.#viewerCount += 1;
      const name = `viewer-${this.#viewerCount}`;
      this.#add((context) => new ViewerPeer({ webSocket, duplex: upgrade.socket }, name, context));
      this.#context.log.info('A viewer connected.', { viewer: name });
    });
  }

  #openPublisher(
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
    producerId: string | undefined,
  ): void {
    this.#takePublisher(upgrade, (webSocket) => {
      this.#publisherCount += 1;
      const id = `publisher-${this.#publisherCount}`;
      const publisher = this.#add((context) => new PublisherPeer(webSocket, id, context));
      this.#context.room.publisherOpened(publisher, producerId);
    });
  }

  #add<P extends Peer>(create: (context: PeerContext) => P): P {
    const { clock, limits } = this.#context;
    const peer = create({ ...this.#context, onClosed: () => this.#remove(peer) });
    this.#peers.add(peer);
    this.#cancelHeartbeat ??= clock.after(limits.heartbeatMs, () => this.#heartbeat());
    return peer;
  }

  #remove(peer: Peer): void {
    this.#peers.delete(peer);
    if (this.size === 0) this.#onEmpty?.();
  }

  #heartbeat(): void {
    this.#cancelHeartbeat = undefined;
    if (this.size === 0) return;
    const { clock, room, limits } = this.#context;
    room.broadcast({ type: 'heartbeat', serverTimeMs: clock.nowMs() });
    for (const peer of this.#peers) peer.check();
    this.#cancelHeartbeat = clock.after(limits.heartbeatMs, () => this.#heartbeat());
  }
}
