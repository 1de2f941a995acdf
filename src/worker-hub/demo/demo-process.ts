import { decodeUp, encode } from '../../protocol/wire/codec.ts';
import type { DownMessage } from '../../protocol/wire/down.ts';
import { parseDecision } from '../../protocol/wire/review.ts';
import type { UpMessage } from '../../protocol/wire/up.ts';
import type { Clock } from '../clock.ts';
import type { OpenSocket, Socket, SocketEvents } from '../sources/socket.ts';
import { DemoRun } from './demo-run.ts';
import type { DemoScript } from './demo-step.ts';

/** The code of a connection that ended as it should: RFC 6455, 7.4.1. */
const NORMAL_CLOSURE = 1000;

/** What the demo's process needs. */
export interface DemoProcessOptions {
  readonly clock: Clock;
  readonly loadScript: () => Promise<DemoScript>;
  /** There is no script, for this reason: nothing runs. */
  readonly onFailed: (error: unknown) => void;
  readonly newId: () => string;
}

/**
 * A process with an embedded dashboard that lives inside the page: to the hub it is a source like any other, whose socket
 * happens not to leave the page. It ends with its one connection.
 */
export class DemoProcess {
  readonly #options: DemoProcessOptions;
  #events: SocketEvents | undefined;
  #isGreeted = false;
  /** A run is wanted, and its script under way or there. */
  #isRunWanted = false;
  #script: DemoScript | undefined;
  #run: DemoRun | undefined;

  constructor(options: DemoProcessOptions) {
    this.#options = options;
  }

  /** Opens the connection to it. */
  readonly openSocket: OpenSocket = (_url, events): Socket => {
    this.#events = events;
    this.#options.clock.after(0, () => this.#greet());
    return { send: (text) => this.#hear(text), close: () => this.#close() };
  };

  /** Begins a run as soon as it can; while one is going it does nothing. */
  run(): void {
    if (this.#run !== undefined || this.#isRunWanted) return;
    this.#isRunWanted = true;
    this.#load().catch((error: unknown) => {
      this.#isRunWanted = false;
      this.#options.onFailed(error);
    });
  }

  async #load(): Promise<void> {
    this.#script ??= await this.#options.loadScript();
    this.#beginIfReady();
  }

  #greet(): void {
    const events = this.#events;
    if (events === undefined) return;
    events.onOpen();
    this.#say({ type: 'hello' });
    this.#isGreeted = true;
    this.#beginIfReady();
  }

  #beginIfReady(): void {
    const script = this.#script;
    if (!this.#isRunWanted || !this.#isGreeted || script === undefined) return;
    const { clock, newId } = this.#options;
    this.#isRunWanted = false;
    const onEnd = (): void => {
      this.#run = undefined;
    };
    this.#run = new DemoRun({ clock, script, newId, say: (message) => this.#say(message), onEnd });
    this.#run.begin();
  }

  #say(message: DownMessage): void {
    this.#events?.onText(encode(message));
  }

  #hear(text: string): void {
    const decoded = decodeUp(text);
    if (!decoded.ok) return;
    // What is sent arrives in a later turn, as on a real wire.
    this.#options.clock.after(0, () => this.#answer(decoded.value));
  }

  /** As its model does, it takes a word that it does not know for *exit early*. */
  #answer(message: UpMessage): void {
    if (message.type === 'ping') return this.#say({ type: 'pong' });
    const decision = parseDecision(message.decision) ?? 'EXIT_EARLY';
    this.#run?.decide(message.reviewId, decision, message.revisedOutput ?? undefined);
  }

  #close(): void {
    const events = this.#events;
    this.#events = undefined;
    this.#run?.stop();
    this.#run = undefined;
    this.#isRunWanted = false;
    this.#options.clock.after(0, () => events?.onClosed({ code: NORMAL_CLOSURE, reason: '' }));
  }
}
