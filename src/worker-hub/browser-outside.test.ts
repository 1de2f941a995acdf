import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserClock, browserOutside, browserProbes, DEMO_PATH, openWebSocket } from './browser-outside.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

class StubWebSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: StubWebSocket | undefined;
  readonly url: string;
  readyState = 0;
  readonly sent: string[] = [];
  isClosed = false;

  constructor(url: string) {
    super();
    this.url = url;
    StubWebSocket.last = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }

  happen(type: string, members: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), members));
  }
}

function openStub() {
  vi.stubGlobal('WebSocket', StubWebSocket);
  const said: unknown[] = [];
  const socket = openWebSocket('ws://localhost:1/ws', {
    onOpen: () => said.push('open'),
    onText: (text) => said.push(text),
    onBinary: () => said.push('binary'),
    onClosed: (closed) => said.push(closed),
    onThrown: () => undefined,
  });
  const stub = StubWebSocket.last ?? expect.fail();
  return { socket, stub, said };
}

describe('openWebSocket', () => {
  it('tells what the socket of the platform tells', () => {
    const { stub, said } = openStub();
    expect(stub.url).toBe('ws://localhost:1/ws');
    stub.happen('open');
    stub.happen('message', { data: 'text' });
    stub.happen('message', { data: new ArrayBuffer(1) });
    stub.happen('error');
    stub.happen('close', { code: 1001, reason: 'going away', wasClean: true });
    expect(said).toEqual(['open', 'text', 'binary', { code: 1001, reason: 'going away' }]);
  });

  it('sends only while it is open', () => {
    const { socket, stub } = openStub();
    socket.send('early');
    stub.readyState = StubWebSocket.OPEN;
    socket.send('now');
    socket.close();
    expect([stub.sent, stub.isClosed]).toEqual([['now'], true]);
  });
});

describe('browserClock', () => {
  it('rings once, unless it is called off', () => {
    vi.useFakeTimers({ now: 1_000 });
    const rung: string[] = [];
    browserClock.after(10, () => rung.push('a'));
    browserClock.after(10, () => rung.push('b'))();
    browserClock.after(-5, () => rung.push('c'));
    vi.advanceTimersByTime(20);
    expect([browserClock.nowMs(), rung]).toEqual([1_020, ['c', 'a']]);
  });
});

function scopeWith(members: object) {
  return {
    location: { origin: 'http://localhost:7400', pathname: '/assets/hub-worker-x1.js' },
    navigator: { onLine: true },
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    ...members,
  };
}

describe('browserProbes', () => {
  it('asks the place without reading its answer, past every cache', async () => {
    const asked: unknown[] = [];
    const fetch = async (...request: unknown[]): Promise<Response> => {
      asked.push(request);
      return new Response();
    };
    expect(await browserProbes(scopeWith({ fetch })).answers('http://a:1/x')).toBe(true);
    expect(asked).toEqual([
      ['http://a:1/x', expect.objectContaining({ mode: 'no-cors', cache: 'no-store', credentials: 'omit' })],
    ]);
    expect(await browserProbes(scopeWith({})).answers('http://a:1/x')).toBe(false);
  });

  it('says how a permission stands, where the browser knows it', async () => {
    const permissions = {
      query: async ({ name }: { name: string }) => {
        if (name !== 'local-network') throw new TypeError('unknown');
        return { state: 'prompt' };
      },
    };
    const knowing = browserProbes(scopeWith({ navigator: { onLine: false, permissions } }));
    expect(await knowing.permission('local-network')).toBe('prompt');
    expect(await knowing.permission('loopback-network')).toBeUndefined();
    expect(await browserProbes(scopeWith({})).permission('local-network')).toBeUndefined();
    expect([knowing.isOnline(), knowing.pageOrigin]).toEqual([false, 'http://localhost:7400']);
  });
});

describe('browserOutside', () => {
  it('gives the hub what the worker has, also in an insecure context', () => {
    const scope = scopeWith({ crypto: { getRandomValues: (bytes: Uint8Array) => bytes.fill(171) } });
    const outside = browserOutside(scope as unknown as SharedWorkerGlobalScope);
    expect([outside.locks, outside.newId()]).toEqual([undefined, 'ab'.repeat(16)]);
    const secure = scopeWith({ crypto: { randomUUID: () => 'u' }, navigator: { onLine: true, locks: 'locks' } });
    const better = browserOutside(secure as unknown as SharedWorkerGlobalScope);
    expect([better.locks, better.newId(), better.openSocket]).toEqual(['locks', 'u', openWebSocket]);
    expect(better.build).toBe('hub-worker-x1.js');
    expect(better.random()).toBeLessThan(1);
  });

  it('gets the demo from the server of the page, and says so where that has none', async () => {
    const fetch = async (path: string): Promise<Response> => new Response(path === DEMO_PATH ? '{"steps":[]}' : '');
    const there = browserOutside(scopeWith({ fetch, crypto }) as unknown as SharedWorkerGlobalScope);
    expect(await there.loadDemo()).toBe('{"steps":[]}');
    const missing = async (): Promise<Response> => new Response('', { status: 404 });
    const gone = browserOutside(scopeWith({ fetch: missing, crypto }) as unknown as SharedWorkerGlobalScope);
    await expect(gone.loadDemo()).rejects.toThrow(`The server answered ${DEMO_PATH} with 404`);
  });
});
