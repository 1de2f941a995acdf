import type { SourceId } from '../../protocol/tab/keys.ts';
import type { SourceReason, SourceState } from '../../protocol/tab/source-model.ts';
import { type DownFrame, decodeDown } from '../../protocol/wire/codec.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { FoundFailure } from './find-failure.ts';
import { linkDeadlineMs, nextLinkStep } from './link-machine.ts';
import { type LinkEffect, type LinkEvent, type LinkState, shownState } from './link-state.ts';
import { mixedContent, tooLarge, unusable } from './reasons.ts';
import type { OpenSocket, Socket } from './socket.ts';

/** The wire's own question whether the server is there, which also keeps it from closing an idle connection. */
const PING = JSON.stringify({ type: 'ping' });

/** How many frames that overtook the greeting are held for it; a live-event hub lets some through. */
const HELD_FRAMES = 10_000;

/** Who is told what a source does. */
export interface SourceListener {
  onState(sourceId: SourceId, state: SourceState): void;
  /** The first frame after each `connected` is the greeting. */
  onFrame(sourceId: SourceId, frame: DownFrame, text: string): void;
  onUnreadable(sourceId: SourceId): void;
}

/** What a link needs. */
export interface SourceLinkOptions {
  readonly sourceId: SourceId;
  readonly url: string;
  /** `host:port`, for sentences. */
  readonly place: string;
  readonly pageOrigin: string;
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly listener: SourceListener;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly explain: () => Promise<FoundFailure>;
  /** Why it begins without a connection. */
  readonly initially: SourceReason;
}

interface HeldFrame {
  readonly frame: DownFrame;
  readonly text: string;
}

/**
 * The connection to one source, kept up for as long as the source is there: does what the machine of `link-machine.ts`
 * says. It never has two sockets at once; one that it has given up is not listened to any more, whatever it still says.
 */
export class SourceLink {
  readonly #options: SourceLinkOptions;
  #state: LinkState;
  #socket: Socket | undefined;
  #cancelTimer: CancelTimer | undefined;
  #held: HeldFrame[] = [];
  /** Which attempt an explanation is of. */
  #attempts = 0;
  #isStopped = false;

  constructor(options: SourceLinkOptions) {
    this.#options = options;
    this.#state = { kind: 'idle', reason: options.initially };
  }

  /** The state as tabs see it. */
  get shown(): SourceState {
    return shownState(this.#state);
  }

  /** Tries now, if there is no connection; asks an open one whether it is still there. `isAsked`: the user wants it. */
  wake(isAsked: boolean): void {
    this.#handle({ kind: 'wake', isAsked });
  }

  /** Sends a frame on the connection there is now; without one it is lost. */
  send(text: string): void {
    if (this.#state.kind === 'connected') this.#socket?.send(text);
  }

  /** Closes the connection and goes idle; a later `wake` opens another one. */
  rest(reason: SourceReason): void {
    this.#handle({ kind: 'refused', reason });
  }

  /** Ends it for good, in silence. */
  stop(): void {
    this.#isStopped = true;
    this.#abandonSocket();
    this.#cancelTimer?.();
  }

  #handle(event: LinkEvent): void {
    if (this.#isStopped) return;
    const before = this.#state;
    const { clock, place, pageOrigin } = this.#options;
    const random = (): number => this.#options.random();
    const step = nextLinkStep(before, event, { nowMs: clock.nowMs(), random, place, pageOrigin });
    this.#state = step.state;
    for (const effect of step.effects) if (effect === 'close') this.#abandonSocket();
    if (isShownAnew(before, step.state)) this.#options.listener.onState(this.#options.sourceId, shownState(step.state));
    for (const effect of step.effects) this.#run(effect);
    this.#setTimer();
  }

  #run(effect: LinkEffect): void {
    if (effect === 'open') this.#open();
    else if (effect === 'ping') this.#socket?.send(PING);
    else if (effect === 'explain') this.#explain();
  }

  #open(): void {
    const { openSocket, url } = this.#options;
    this.#attempts += 1;
    this.#held = [];
    try {
      const socket: Socket = openSocket(url, {
        onOpen: () => this.#ifCurrent(socket, () => this.#handle({ kind: 'opened' })),
        onText: (text) => this.#ifCurrent(socket, () => this.#read(text)),
        onBinary: () => this.#ifCurrent(socket, () => this.#readUnreadable()),
        onClosed: ({ code }) => this.#ifCurrent(socket, () => this.#closed(code)),
        onThrown: (error) => this.#ifCurrent(socket, () => this.#thrown(error)),
      });
      this.#socket = socket;
    } catch (error) {
      this.#thrown(error);
    }
  }

  #thrown(error: unknown): void {
    this.#socket = undefined;
    this.#handle({ kind: 'refused', reason: this.#thrownReason(error) });
  }

  #thrownReason(error: unknown): SourceReason {
    const { place } = this.#options;
    if (error instanceof Error && error.name === 'SecurityError') return mixedContent(place);
    return unusable(place, error instanceof Error ? error.message : String(error));
  }

  #ifCurrent(socket: Socket, act: () => void): void {
    if (this.#socket === socket && !this.#isStopped) act();
  }

  #closed(code: number): void {
    this.#socket = undefined;
    this.#handle({ kind: 'closed', code });
  }

  #abandonSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#held = [];
    socket?.close();
  }

  #read(text: string): void {
    const decoded = decodeDown(text);
    if (decoded.ok) this.#accept(decoded.value, text);
    else if (decoded.error.code === 'too_large') {
      this.#handle({ kind: 'refused', reason: tooLarge(this.#options.place, text.length) });
    } else this.#readUnreadable();
  }

  #readUnreadable(): void {
    if (this.#state.kind !== 'connected') return this.#handle({ kind: 'not-an-ensemble' });
    this.#handle({ kind: 'heard', isSign: false });
    this.#options.listener.onUnreadable(this.#options.sourceId);
  }

  #accept(frame: DownFrame, text: string): void {
    if (this.#state.kind === 'connected') {
      this.#handle({ kind: 'heard', isSign: isSign(frame) });
      this.#options.listener.onFrame(this.#options.sourceId, frame, text);
    } else if (isGreeting(frame)) this.#greeted(frame, text);
    else if (frame.kind === 'unknown') this.#handle({ kind: 'not-an-ensemble' });
    else if (this.#held.length < HELD_FRAMES) this.#held.push({ frame, text });
  }

  #greeted(frame: DownFrame, text: string): void {
    const { listener, sourceId } = this.#options;
    const held = this.#held;
    this.#held = [];
    this.#handle({ kind: 'greeted' });
    listener.onFrame(sourceId, frame, text);
    for (const early of held) listener.onFrame(sourceId, early.frame, early.text);
  }

  /** The finding of an attempt that another one has followed is of no use any more. */
  #explain(): void {
    const attempt = this.#attempts;
    const tell = (found: FoundFailure): void => {
      if (attempt === this.#attempts) this.#handle({ kind: 'explained', ...found });
    };
    this.#options.explain().then(tell, () => undefined);
  }

  #setTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const deadlineMs = linkDeadlineMs(this.#state);
    if (deadlineMs === undefined || this.#isStopped) return;
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(deadlineMs - clock.nowMs(), () => this.#handle({ kind: 'time' }));
  }
}

function isGreeting(frame: DownFrame): boolean {
  return frame.kind === 'known' && (frame.message.type === 'hello' || frame.message.type === 'hub_hello');
}

function isSign(frame: DownFrame): boolean {
  return frame.kind === 'known' && (frame.message.type === 'heartbeat' || frame.message.type === 'pong');
}

/** Frames and pings go by without a word to the tabs. */
function isShownAnew(before: LinkState, after: LinkState): boolean {
  if (before === after) return false;
  return before.kind !== after.kind || after.kind === 'waiting' || after.kind === 'idle';
}
