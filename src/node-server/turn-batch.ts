import { textFrames } from './web-socket-frame.ts';

/** Something that all viewers are told. */
export interface Broadcast {
  readonly text: string;
  /** Tokens are of the moment: the first that a slow viewer can do without. */
  readonly isToken: boolean;
}

/** Whole WebSocket frames behind each other, on their way to viewers. Their bytes are shared by all of them. */
export interface Frames {
  readonly bytes: Buffer;
  /** The same frames but those of tokens. */
  readonly withoutTokens: Buffer;
  /** They answer something that this viewer said: no greeting says it again. */
  readonly isAnswer?: true;
}

/** Frames of which none is a token. */
export function lastingFrames(bytes: Buffer): Frames {
  return { bytes, withoutTokens: bytes };
}

/** Frames for one viewer alone, which must not be lost when its queue is dropped. */
export function answerFrames(bytes: Buffer): Frames {
  return { bytes, withoutTokens: bytes, isAnswer: true };
}

/** What all viewers are told in one turn of the event loop: made once, whoever is slow and however many are. */
export class TurnBatch implements Frames {
  readonly bytes: Buffer;
  readonly #messages: readonly Broadcast[];
  #withoutTokens: Buffer | undefined;

  constructor(messages: readonly Broadcast[]) {
    this.#messages = messages;
    this.bytes = textFrames(messages.map(({ text }) => text));
  }

  /** How many frames there are. */
  get count(): number {
    return this.#messages.length;
  }

  /** A copy if there are tokens: a part of the whole would keep all of it in memory. */
  get withoutTokens(): Buffer {
    this.#withoutTokens ??= this.#leaveTokensOut();
    return this.#withoutTokens;
  }

  #leaveTokensOut(): Buffer {
    const lasting = this.#messages.filter(({ isToken }) => !isToken);
    return lasting.length === this.#messages.length ? this.bytes : textFrames(lasting.map(({ text }) => text));
  }
}
