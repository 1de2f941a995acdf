import type { LoggedEvent } from '../hub/logged-event.ts';
import { textBytes } from './read-arrival.ts';
import { textFrameHead, writeText } from './web-socket-frame.ts';

/** A text, or the parts of one that is too long to be put together. A list is the texts of its events with commas between them. */
export type LongText = string | readonly (string | readonly LoggedEvent[])[];

type Piece = string | Buffer | readonly LoggedEvent[];

const COMMA = 0x2c;
/** Up to here texts are put together before they are written: a write by itself costs as much as a few hundred bytes. */
const JOINED_BYTES = 8 * 1024;

/**
 * Text frames whose bytes are made as they are taken, so that of very long ones no more is in memory than is under way: the
 * texts themselves are shared with whoever keeps them.
 */
export class LongFrames {
  /** How long all of them are. */
  readonly byteLength: number;
  readonly #pieces: Piece[] = [];
  #next = 0;
  /** How many events of the next piece were taken, if it is a list. */
  #taken = 0;

  constructor(texts: readonly LongText[]) {
    let total = 0;
    for (const text of texts) total += this.#append(typeof text === 'string' ? [text] : text);
    this.byteLength = total;
  }

  /** The bytes that come next: as much as fits into `size`, at least one text; `undefined` when all were taken. */
  take(size: number): Buffer | undefined {
    let bytes: Buffer | undefined;
    let at = 0;
    for (let length = this.#nextBytes(); length !== undefined; length = this.#nextBytes()) {
      if (bytes !== undefined && at + length > bytes.length) break;
      bytes ??= Buffer.allocUnsafe(Math.min(Math.max(size, length), this.byteLength));
      at = this.#writeNext(bytes, { at, length });
    }
    return bytes?.subarray(0, at);
  }

  /** Appends a frame, and says how long it is. */
  #append(parts: readonly (string | readonly LoggedEvent[])[]): number {
    const length = parts.reduce((sum, part) => sum + bytesOfPart(part), 0);
    const head = textFrameHead(length);
    this.#pieces.push(head, ...parts);
    return head.length + length;
  }

  /** How much the next text takes, with the comma before it; `undefined` behind the last. */
  #nextBytes(): number | undefined {
    for (;;) {
      const piece = this.#pieces[this.#next];
      if (piece === undefined || typeof piece === 'string')
        return piece === undefined ? undefined : Buffer.byteLength(piece);
      if (Buffer.isBuffer(piece)) return piece.length;
      const event = piece[this.#taken];
      if (event !== undefined) return textBytes(event) + Math.min(this.#taken, 1);
      this.#next += 1;
      this.#taken = 0;
    }
  }

  /** Writes what {@link LongFrames.#nextBytes} measured, and says where that ends. */
  #writeNext(into: Buffer, { at, length }: { at: number; length: number }): number {
    const piece = this.#pieces[this.#next] ?? '';
    if (typeof piece === 'string' || Buffer.isBuffer(piece)) {
      this.#next += 1;
      return typeof piece === 'string' ? writeText(into, at, { text: piece, length }) : at + piece.copy(into, at);
    }
    return this.#writeEvents(piece, into, at);
  }

  /** Writes the events that come next, as many as fit and are worth putting together, and says where they end. */
  #writeEvents(events: readonly LoggedEvent[], into: Buffer, at: number): number {
    const first = this.#taken;
    const limit = Math.min(into.length, at + JOINED_BYTES);
    let end = at;
    for (let event = events[first]; event !== undefined; event = events[this.#taken]) {
      const next = end + textBytes(event) + Math.min(this.#taken, 1);
      if (this.#taken > first && next > limit) break;
      end = next;
      this.#taken += 1;
    }
    const comma = Math.min(first, 1);
    if (comma === 1) into[at] = COMMA;
    const texts = events.slice(first, this.#taken).map(({ text }) => text);
    writeText(into, at + comma, { text: texts.join(','), length: end - at - comma });
    return end;
  }
}

function bytesOfPart(part: string | readonly LoggedEvent[]): number {
  if (typeof part === 'string') return Buffer.byteLength(part);
  const known = countedBytes.get(part);
  if (known !== undefined) return known;
  let length = Math.max(part.length - 1, 0);
  for (const event of part) length += textBytes(event);
  countedBytes.set(part, length);
  return length;
}

/** The lengths of lists, which never change: the same one is often said to many, and to count it takes a visit to each event. */
const countedBytes = new WeakMap<readonly LoggedEvent[], number>();
