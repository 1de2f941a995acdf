import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPortOpener } from './open-hub-port.ts';

class StubWorker extends EventTarget {
  static made: StubWorker[] = [];
  readonly port = new MessageChannel().port1;
  readonly received: readonly Transferable[][] = [];
  isTerminated = false;
  readonly #address: readonly [url: string, options: WorkerOptions];

  constructor(url: string, options: WorkerOptions) {
    super();
    this.#address = [url, options];
    StubWorker.made.push(this);
  }

  get address(): readonly [string, WorkerOptions] {
    return this.#address;
  }

  postMessage(_message: unknown, transfer: Transferable[]): void {
    (this.received as Transferable[][]).push(transfer);
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  StubWorker.made = [];
});

const resolveUrl = (url = 'own.js'): string => `http://a/${url}`;
const OPTIONS = { type: 'module', name: 'hub-1', extendedLifetime: true };

describe('createPortOpener', () => {
  it('opens the worker that tabs share, always with the same options, and says when it does not load', () => {
    vi.stubGlobal('SharedWorker', StubWorker);
    const open = createPortOpener(resolveUrl);
    let failures = 0;
    const port = open(undefined, () => (failures += 1));
    open('newer.js', () => undefined);
    const [own, newer] = StubWorker.made;
    expect(port).toBe(own?.port);
    expect([own?.address, newer?.address]).toEqual([
      ['http://a/own.js', OPTIONS],
      ['http://a/newer.js', OPTIONS],
    ]);
    own?.dispatchEvent(new Event('error'));
    expect(failures).toBe(1);
  });

  it('opens a worker of the tab alone where there are no others, and ends the one before', () => {
    vi.stubGlobal('Worker', StubWorker);
    const open = createPortOpener(resolveUrl);
    let failures = 0;
    const port = open(undefined, () => (failures += 1));
    const [first] = StubWorker.made;
    expect(first?.address).toEqual(['http://a/own.js', OPTIONS]);
    expect([first?.received.length, typeof port.postMessage]).toEqual([1, 'function']);
    first?.dispatchEvent(new ErrorEvent('error', { message: 'a bug' }));
    expect(failures).toBe(0);
    first?.dispatchEvent(new Event('error'));
    expect([failures, first?.isTerminated]).toEqual([1, false]);
    open(undefined, () => undefined);
    expect([first?.isTerminated, StubWorker.made[1]?.isTerminated]).toEqual([true, false]);
  });
});
