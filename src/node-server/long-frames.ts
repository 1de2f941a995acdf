import { textFrameHead, writeText } from './web-socket-frame.ts';

/** A text, or the parts of one that is too long to be put together. */
export type TextParts = string | readonly string[];

/**
 * Text frames whose bytes are made as they are taken, so that of very long ones no more is in memory than is under way: the
 * texts themselves are shared with whoever keeps them.
 */
export class LongFrames {
  /** How long all of them are. */
  readonly byteLength: number;
  readonly #pieces: (string | Buffer)[] = [];
  readonly #lengths: number[] = [];
  #next = 0;

  constructor(texts: readonly TextParts[]) {
    let total = 0;
    for (const text of texts) total += this.#append(typeof text === 'string' ? [text] : text);
    this.byteLength = total;
  }

  /** The bytes that come next: as many pieces as fit into `size`, at least one; `undefined` when all were taken. */
  take(size: number): Buffer | undefined {
    const from = this.#next;
    let length = 0;
    while (this.#next < this.#pieces.length) {
      const more = this.#lengths[this.#next] ?? 0;
      if (length > 0 && length + more > size) break;
      length += more;
      this.#next += 1;
    }
    return from === this.#next ? undefined : this.#write(from, length);
  }

  /** Appends a frame, and says how long it is. */
  #append(parts: readonly string[]): number {
    const headAt = this.#pieces.push('') - 1;
    this.#lengths.push(0);
    let length = 0;
    for (const part of parts) {
      // Every second part is a comma.
      const bytes = part === ',' ? 1 : Buffer.byteLength(part);
      this.#pieces.push(part);
      this.#lengths.push(bytes);
      length += bytes;
    }
    const head = textFrameHead(length);
    this.#pieces[headAt] = head;
    this.#lengths[headAt] = head.length;
    return head.length + length;
  }

  #write(from: number, total: number): Buffer {
    const bytes = Buffer.allocUnsafe(total);
    let at = 0;
    for (let index = from; index < this.#next; index += 1) {
      const piece = this.#pieces[index] ?? '';
      const length = this.#lengths[index] ?? 0;
      if (typeof piece === 'string') at = writeText(bytes, at, { text: piece, length });
      else at += piece.copy(bytes, at);
    }
    return bytes;
  }
}
