import type { WebSocket } from 'ws';
import { CLOSE } from '../protocol/wire/close-codes.ts';
import { MESSAGE_MAX_BYTES, SILENCE_LIMIT_MS } from '../protocol/wire/limits.ts';
import type { Clock } from './clock.ts';
import type { PublisherLink } from './decision-routes.ts';
import { ErrorBudget } from './error-budget.ts';
import type { Log } from './log.ts';
import { listenToPeer } from './peer-socket.ts';
import type { PeerError } from './read-arrival.ts';
import type { RelayRoom } from './relay-room.ts';

/** What a connection needs of the relay around it. */
export interface PeerContext {
  readonly room: RelayRoom;
  readonly clock: Clock;
  readonly log: Log;
  /** The connection has ended. */
  readonly onClosed: () => void;
}

/** A connection that the relay looks after. */
export interface Peer {
  /** Asks it for a sign of life, and ends it if it has given none for too long. */
  check(): void;
  /** Ends it in good order. */
  close(code: number, reason: string): void;
  /** Ends it at once. */
  terminate(): void;
}

/** How much may wait for a publisher that does not read, in bytes, before it is not read any more either. */
const BACKLOG_BYTES = 256 * 1024;
const INTERNAL_ERROR_CODE = 1011;

/** The connection of one publisher: its envelopes go to the room, decisions and errors come back. */
export class PublisherPeer implements Peer, PublisherLink {
  readonly id: string;
  readonly #socket: WebSocket;
  readonly #context: PeerContext;
  readonly #budget = new ErrorBudget();
  #lastSignMs: number;

  constructor(socket: WebSocket, id: string, context: PeerContext) {
    this.id = id;
    this.#socket = socket;
    this.#context = context;
    this.#lastSignMs = context.clock.nowMs();
    listenToPeer(socket, {
      onText: (data) => this.#hear(data),
      onSign: () => {
        this.#lastSignMs = context.clock.nowMs();
      },
      onPing: () => undefined,
      onClosed: (code) => this.#closed(code),
    });
  }

  /** Sends one text frame. Whoever does not read is not listened to until it does. */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text, () => {
      if (this.#socket.isPaused && this.#socket.bufferedAmount < BACKLOG_BYTES) this.#socket.resume();
    });
    if (this.#socket.bufferedAmount >= BACKLOG_BYTES) this.#socket.pause();
  }

  check(): void {
    if (this.#socket.isPaused) return;
    if (this.#context.clock.nowMs() - this.#lastSignMs >= SILENCE_LIMIT_MS) this.terminate();
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #hear(data: Buffer): void {
    try {
      const said =
        data.length > MESSAGE_MAX_BYTES
          ? { ok: false as const, error: tooLarge(data.length) }
          : this.#context.room.publisherSaid(this, data.toString('utf8'));
      if (!said.ok) this.#refuse(said.error);
    } catch (error) {
      this.#context.log.error('A frame of a publisher failed.', { connection: this.id, error: String(error) });
      this.close(INTERNAL_ERROR_CODE, 'server error');
    }
  }

  #refuse({ code, message }: PeerError): void {
    this.send(JSON.stringify({ type: 'error', code, message }));
    this.#context.log.debug('A frame of a publisher was refused.', { connection: this.id, code });
    if (!this.#budget.spend(this.#context.clock.nowMs())) return;
    this.close(CLOSE.tooManyErrors.code, CLOSE.tooManyErrors.reason);
  }

  #closed(code: number): void {
    this.#context.log.debug('The connection of a publisher ended.', { connection: this.id, code });
    this.#context.room.publisherClosed(this);
    this.#context.onClosed();
  }
}

/** What is said to whoever sent a frame that is longer than a message may be. */
export function tooLarge(bytes: number): PeerError {
  return {
    code: 'too_large',
    message: `The frame has ${bytes} bytes and at most ${MESSAGE_MAX_BYTES} are taken. Send less in one message.`,
  };
}
