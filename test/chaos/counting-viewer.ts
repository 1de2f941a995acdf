import WebSocket from 'ws';
import type { ShownEnvelope } from '../faults/relay-scene.ts';

/** What a viewer was shown of one producer since it was last greeted, in order. */
export interface Shown {
  readonly numbers: number[];
  /** How many of them came with the greeting. */
  readonly greeted: number;
}

/** A viewer that comes back whenever its connection breaks off, and notes nothing but numbers. */
export class CountingViewer {
  /** What was seen that may not be: an event twice, or behind a later one. */
  readonly faults: string[] = [];
  greetings = 0;
  texts: string[] = [];
  readonly #url: string;
  readonly #keepsTexts: boolean;
  #shown = new Map<string, { numbers: number[]; greeted: number }>();
  #ended = new Set<string>();
  #socket: WebSocket | undefined;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(url: string, options: { readonly keepsTexts?: boolean } = {}) {
    this.#url = url;
    this.#keepsTexts = options.keepsTexts ?? false;
    this.#open();
  }

  shownOf(producerId: string): Shown {
    return this.#shown.get(producerId) ?? { numbers: [], greeted: 0 };
  }

  hasEnded(producerId: string): boolean {
    return this.#ended.has(producerId);
  }

  /** Waits until what came satisfies the test. */
  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Breaks off and comes back. */
  kick(): void {
    this.#socket?.terminate();
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }

  #open(): void {
    const socket = new WebSocket(`${this.#url.replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      if (this.#socket === socket) this.#hear(data.toString('utf8'));
    });
    socket.on('close', () => {
      if (!this.#isOver) setImmediate(() => (this.#isOver ? undefined : this.#open()));
    });
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as { type: string; snapshotTrace?: ShownEnvelope[] };
    if (message.type === 'hub_hello') this.#greet(message.snapshotTrace ?? [], text);
    else if (message.type === 'event') {
      if (this.#keepsTexts) this.texts.push(text);
      this.#note(message as unknown as ShownEnvelope);
    } else if (this.#keepsTexts) this.texts.push(text);
    this.#wake();
  }

  #greet(trace: readonly ShownEnvelope[], text: string): void {
    this.greetings += 1;
    this.#shown = new Map();
    if (this.#keepsTexts) this.texts = [text];
    for (const envelope of trace) this.#note(envelope);
    for (const shown of this.#shown.values()) shown.greeted = shown.numbers.length;
  }

  #note({ producer: { producerId }, sequence, message }: ShownEnvelope): void {
    const shown = this.#shown.get(producerId) ?? { numbers: [], greeted: 0 };
    this.#shown.set(producerId, shown);
    const last = shown.numbers.at(-1) ?? 0;
    if (sequence <= last && this.faults.length < 10) this.faults.push(`${producerId}: ${sequence} after ${last}`);
    shown.numbers.push(sequence);
    if (message.type === 'ensemble_completed') this.#ended.add(producerId);
  }
}
