import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE, closeMeaning, type CloseMeaning } from '../protocol/wire/close-codes.ts';
import type { CancelTimer } from './clock.ts';
import { decodeUp } from '../protocol/wire/codec.ts';
import { err } from '../protocol/result.ts';
import type { ReviewDecision } from '../protocol/wire/review.ts';
import { deciderName } from './decider-name.ts';
import { ErrorBudget } from './error-budget.ts';
import type { FanOutMember } from './fan-out.ts';
import { LifeSigns } from './life-signs.ts';
import { listenToPeer } from './peer-socket.ts';
import type { Peer, PeerContext } from './publisher-peer.ts';
import { type PeerError, readLimitsOf, refuseText } from './read-arrival.ts';
import { answerFrames, lastingFrames } from './turn-batch.ts';
import { type ByteSink, ViewerOutbox } from './viewer-outbox.ts';
import { controlFrame, textFrame } from './web-socket-frame.ts';

/** A socket after its upgrade: the library's view of it, and the bytes below. */
export interface UpgradedSocket {
  readonly webSocket: WebSocket;
  readonly duplex: Duplex;
}

/** Whether somebody starts it again it cannot know; a viewer that tries loses nothing. */
const RESTARTING = closeMeaning(1012);
const SERVER_ERROR = closeMeaning(1011);

/**
 * The connection of one viewer. What it is told goes through its outbox straight
 * to the TCP socket, as whole frames; only the closing is left to the library.
 */
export class ViewerPeer implements Peer, FanOutMember {
  readonly name: string;
  readonly outbox: ViewerOutbox;
  readonly #socket: WebSocket;
  readonly #context: PeerContext;
  readonly #budget: ErrorBudget;
  readonly #signs: LifeSigns;
  /** Calls off the end of its patience; set once it is being closed. */
  #cancelCut: CancelTimer | undefined;

  constructor({ webSocket, duplex }: UpgradedSocket, name: string, context: PeerContext) {
    this.name = name;
    this.#socket = webSocket;
    this.#context = context;
    this.#budget = new ErrorBudget(context.limits.maxErrorsPerMinute);
    this.#signs = new LifeSigns(context.limits.silenceLimitMs, context.clock.nowMs());
    this.outbox = new ViewerOutbox({
      limits: context.limits,
      queue: context.queue,
      dropped: context.counters.droppedBytes,
      sink: sinkOf(duplex),
      nowMs: () => context.clock.nowMs(),
      onGreetingDue: () => this.#greet(),
      onTooSlow: () => this.#closeAsTooSlow(),
    });
    listenToPeer(webSocket, {
      onText: (data) => this.#hear(data),
      onSign: () => this.#signs.heard(context.clock.nowMs()),
      onPing: (data) => this.outbox.send(lastingFrames(controlFrame('pong', data))),
      onClosed: (code) => this.#closed(code),
    });
    this.#greet();
    context.room.viewerOpened(this);
  }

  onStalled(): void {
    this.#closeAsTooSlow();
  }

  check(): void {
    const nowMs = this.#context.clock.nowMs();
    this.#signs.heard(this.outbox.lastDrainMs);
    if (this.#signs.isGone(nowMs)) {
      this.terminate();
      return;
    }
    this.#signs.asked(nowMs);
    this.outbox.send(lastingFrames(controlFrame('ping', Buffer.alloc(0))));
  }

  goAway(): void {
    this.#close(RESTARTING);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #greet(): void {
    this.outbox.greet(this.#context.room.greeting());
    this.#context.room.fanOut.watchForStalls();
  }

  #closeAsTooSlow(): void {
    this.#context.counters.tooSlow += 1;
    this.#context.log.warn('A viewer could not keep up and was closed.', { viewer: this.name });
    this.#close(CLOSE.tooSlow);
  }

  #hear(data: Buffer): void {
    if (this.#cancelCut !== undefined) return;
    try {
      this.#answer(data);
    } catch (error) {
      this.#context.log.error('A frame of a viewer failed.', { viewer: this.name, error: String(error) });
      this.#close(SERVER_ERROR);
    }
  }

  #answer(data: Buffer): void {
    const { limits } = this.#context;
    const text = data.toString('utf8');
    const refusal = refuseText(text, data.length, limits);
    const up = refusal === undefined ? decodeUp(text, readLimitsOf(limits)) : err(refusal);
    if (!up.ok) this.#refuse(up.error);
    else if (up.value.type === 'ping') this.#say({ type: 'pong' });
    else this.#decide(up.value);
  }

  #decide({ reviewId, decision, revisedOutput, by }: ReviewDecision): void {
    const request = { reviewId, decision, revisedOutput, by: deciderName(by, this.name) };
    const result = this.#context.room.decide(request);
    if (result.ok) return;
    const { code, message } = result.error;
    this.#say({ type: 'error', code, message, reviewId });
  }

  #refuse({ code, message }: PeerError): void {
    this.#say({ type: 'error', code, message });
    // A type that is not known here is no mistake: pages of other versions say more than this one hears.
    if (code === 'unknown_type' || !this.#budget.spend(this.#context.clock.nowMs())) return;
    this.#close(CLOSE.tooManyErrors);
  }

  #say(message: object): void {
    this.outbox.send(answerFrames(textFrame(JSON.stringify(message))));
    this.#context.room.fanOut.watchForStalls();
  }

  /** The rest of a greeting may be very long, and who takes nothing of it cannot be told why it is ended. */
  #close({ code, reason }: Pick<CloseMeaning, 'code' | 'reason'>): void {
    if (this.#cancelCut !== undefined) return;
    const { room, clock, limits } = this.#context;
    room.fanOut.remove(this);
    this.#cancelCut = clock.after(limits.closeTimeoutMs, () => this.terminate());
    this.outbox.close(() => this.#socket.close(code, reason));
  }

  #closed(code: number): void {
    this.#context.log.info('A viewer left.', { viewer: this.name, code });
    this.#cancelCut?.();
    this.#context.room.fanOut.remove(this);
    this.outbox.abandon();
    this.#context.onClosed();
  }
}

function sinkOf(duplex: Duplex): ByteSink {
  return {
    write: (bytes, written) => {
      if (duplex.writable) duplex.write(bytes, () => written());
    },
    pendingBytes: () => duplex.writableLength,
  };
}
