/** A socket that takes what it is given when the test says so. */
export class FakeSink {
  readonly taken: Buffer[] = [];
  #pending: { size: number; written: () => void }[] = [];
  isOpen = true;

  write(bytes: Buffer, written: () => void): void {
    this.taken.push(bytes);
    if (this.isOpen) queueMicrotask(written);
    else this.#pending.push({ size: bytes.length, written });
  }

  pendingBytes(): number {
    return this.#pending.reduce((sum, { size }) => sum + size, 0);
  }

  /** Lets everything that it holds go, and what comes in answer to that, if it opens. */
  drain(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { written } of pending) written();
  }

  /** Lets the oldest piece that it holds go, and says how long that was; 0 if it holds none. */
  drainOne(takes: (bytes: number) => void): number {
    const piece = this.#pending[0];
    if (piece === undefined) return 0;
    takes(piece.size);
    this.#pending.shift();
    piece.written();
    return piece.size;
  }

  text(): string {
    return Buffer.concat(this.taken).toString('latin1');
  }
}
