import { createLog, type Log } from '../log.ts';

/** A log that a test can wait for: some things that happen in the relay are told to nobody else. */
export class WatchedLog {
  readonly lines: string[] = [];
  readonly log: Log;
  #wake: () => void = () => undefined;

  constructor() {
    const write = (line: string) => {
      this.lines.push(line);
      this.#wake();
    };
    this.log = createLog({ level: 'debug', format: 'text', write, nowMs: () => 0 });
  }

  /** How many lines contain a text. */
  count(text: string): number {
    return this.lines.filter((line) => line.includes(text)).length;
  }

  /** Waits until that many lines contain a text. */
  async until(text: string, count = 1): Promise<void> {
    while (this.count(text) < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
