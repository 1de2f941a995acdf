import type { WebSocket } from 'ws';
import { CLOSE, closeMeaning, type CloseMeaning } from '../protocol/wire/close-codes.ts';
import type { Clock } from './clock.ts';
import type { DecisionDelivery } from '../protocol/wire/decision-delivery.ts';
import { ErrorBudget } from './error-budget.ts';
import { LifeSigns } from './life-signs.ts';
import type { Log } from './log.ts';
import type { OutgoingQueue } from './outgoing-queue.ts';
import { listenToPeer } from './peer-socket.ts';
import type { PeerError } from './read-arrival.ts';
import type { RelayCounters } from './relay-counters.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayRoom } from './relay-room.ts';
import type { Publisher } from './room-peers.ts';

/** What a connection needs of the relay around it. */
export interface PeerContext {
  readonly room: RelayRoom;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RelayLimits;
  readonly counters: RelayCounters;
  /** What waits for all viewers: a publisher that brings more than goes out is paused. */
  readonly queue: OutgoingQueue;
  /** The connection has ended. */
  readonly onClosed: () => void;
}

/** A connection that the relay looks after. */
export interface Peer {
  /** Asks it for a sign of life, and ends it if it has given none for too long. */
  check(): void;
  /** Ends it in good order, because the relay ends. */
  goAway(): void;
  /** Ends it at once. */
  terminate(): void;
}

/** What publishers expect of a server that ends (RFC 6455, 7.4.1); they come back by themselves. */
const GOING_AWAY = closeMeaning(1001);
const SERVER_ERROR = closeMeaning(1011);

/** The connection of one publisher: its envelopes go to the room, decisions and errors come back. */
export class PublisherPeer implements Peer, Publisher {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #context: PeerContext;
  readonly #budget: ErrorBudget;
  readonly #signs: LifeSigns;
  /** Why it is not read for now. */
  readonly #holds = new Set<'backlog' | 'queue'>();

  constructor(socket: WebSocket, id: string, context: PeerContext) {
    this.id = id;
    this.#socket = socket;
    this.#context = context;
    this.#budget = new ErrorBudget(context.limits.maxErrorsPerMinute);
    this.#signs = new LifeSigns(context.limits.silenceLimitMs, context.clock.nowMs());
    listenToPeer(socket, {
      onText: (data) => this.#hear(data),
      onSign: () => this.#signs.heard(context.clock.nowMs()),
      onPing: () => undefined,
      onClosed: (code) => this.#closed(code),
    });
  }

  deliver(decision: DecisionDelivery): void {
    this.#send(decision);
  }

  check(): void {
    if (this.#socket.isPaused) return;
    const nowMs = this.#context.clock.nowMs();
    if (this.#signs.isGone(nowMs)) {
      this.terminate();
      return;
    }
    this.#signs.asked(nowMs);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  goAway(): void {
    // Whoever is not read would not be heard to agree.
    this.#socket.resume();
    this.#close(GOING_AWAY);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Whoever does not read is not listened to until it does. */
  #send(message: object): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { publisherBacklogBytes } = this.#context.limits;
    this.#socket.send(JSON.stringify(message), () => {
      if (this.#socket.bufferedAmount < publisherBacklogBytes) this.#release('backlog');
    });
    if (this.#socket.bufferedAmount >= publisherBacklogBytes) this.#hold('backlog');
  }

  #hold(why: 'backlog' | 'queue'): void {
    this.#holds.add(why);
    this.#socket.pause();
  }

  #release(why: 'backlog' | 'queue'): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#socket.resume();
  }

  #hear(data: Buffer): void {
    try {
      const said = this.#context.room.publisherSaid(this, data.toString('utf8'));
      if (!said.ok) this.#refuse(said.error);
      this.#waitForViewers();
    } catch (error) {
      this.#context.log.error('A frame of a publisher failed.', { connection: this.id, error: String(error) });
      this.#close(SERVER_ERROR);
    }
  }

  #waitForViewers(): void {
    const { queue, counters } = this.#context;
    if (!queue.isFull || this.#holds.has('queue')) return;
    counters.pauses += 1;
    this.#hold('queue');
    queue.whenClear(() => this.#release('queue'));
  }

  #refuse({ code, message }: PeerError): void {
    this.#send({ type: 'error', code, message });
    this.#context.log.debug('A frame of a publisher was refused.', { connection: this.id, code });
    if (!this.#budget.spend(this.#context.clock.nowMs())) return;
    this.#close(CLOSE.tooManyErrors);
  }

  #close({ code, reason }: Pick<CloseMeaning, 'code' | 'reason'>): void {
    this.#socket.close(code, reason);
  }

  #closed(code: number): void {
    this.#context.log.debug('The connection of a publisher ended.', { connection: this.id, code });
    this.#context.room.publisherClosed(this);
    this.#context.onClosed();
  }
}
