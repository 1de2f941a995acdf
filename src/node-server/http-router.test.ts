import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAME_MAX_BYTES, MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { err, ok } from '../protocol/result.ts';
import { type HttpSurface, createRouter, pathOf } from './http-router.ts';
import { createHttpServer } from './http-server.ts';
import { silentLog } from './log.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { RawConnection, responseCount, statusesOf } from './test-support/raw-connection.ts';
import { createTrustPolicy } from './trust-policy.ts';

const STATUS = { status: 'running', version: '1.2.3', producers: 1, viewers: 2, uptimeMs: 3 } as const;
const PRODUCERS = [{ producerId: 'a', serviceName: 's' }, { producerId: 'b' }];

describe('createRouter', { timeout: 20_000 }, () => {
  let server: Server;
  let base: string;
  let port: number;
  let posts: string[];
  let refused: string[];
  let pages: (string | undefined)[];
  let reviews: readonly object[];
  let isDraining: boolean;
  /** Posts that wait until the relay can take more; they do not if this is undefined. */
  let held: (() => void)[] | undefined;

  beforeEach(async () => {
    posts = [];
    refused = [];
    pages = [];
    reviews = [];
    isDraining = false;
    held = undefined;
    const surface: HttpSurface = {
      trust: createTrustPolicy({ host: 'localhost', allowOrigins: ['https://board.example'], allowHosts: [] }),
      site: ({ url }, response) => {
        pages.push(url);
        response.end('the page');
      },
      log: silentLog,
      limits: DEFAULT_LIMITS,
      isDraining: () => isDraining,
      status: () => STATUS,
      producers: () => PRODUCERS,
      takePost: (read) => {
        if (!read.ok) {
          refused.push(read.error.code);
          return read;
        }
        const text = read.value;
        if (text === '"boom"') throw new Error('boom');
        posts.push(text);
        return text === '{}' ? err({ status: 400, code: 'not_a_message', message: 'No.' }) : ok(undefined);
      },
      whenClear: (run) => (held === undefined ? run() : held.push(run)),
      metrics: { contentType: 'text/plain; version=0.0.4', text: () => Promise.resolve('a 1\n') },
      reviews: () => {
        pages.push('reviews');
        return reviews;
      },
      decide: (reviewId, text) => ok({ reviewId, text }),
    };
    server = createHttpServer(
      { onRequest: createRouter(surface), onWebSocket: (_, socket) => socket.destroy() },
      DEFAULT_LIMITS,
    );
    port = await listenLocally(server);
    base = `http://127.0.0.1:${port}`;
  });

  afterEach(() => shutDown(server));

  async function problemOf(response: Response): Promise<{ status: number; code: string; message: string }> {
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const body = (await response.json()) as { error: { code: string; message: string } };
    return { status: response.status, ...body.error };
  }

  function post(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = { 'Content-Type': 'application/json' },
  ) {
    return fetch(`${base}/api/hub/ingress`, { method: 'POST', body, headers });
  }

  test('counts a post whose sender went away while it waited', async () => {
    held = [];
    const connection = await RawConnection.open(port);
    const closed = new Promise((resolve) => server.once('request', ({ socket }) => socket.once('close', resolve)));
    connection.write('POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    connection.write('Content-Length: 2\r\n\r\n[]');
    await vi.waitFor(() => expect(held).toHaveLength(1));
    connection.close();
    await closed;
    for (const run of held) run();
    await vi.waitFor(() => expect([posts, refused]).toEqual([[], ['incomplete']]));
  });

  test('puts together what is read only once the answers before it on its connection are given', async () => {
    held = [];
    const connection = await RawConnection.open(port);
    const post = 'POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const reads = ['/x', '/api/reviews'].map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    connection.write(`${post}Content-Length: 2\r\n\r\n[]${reads.join('')}`);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect((await fetch(`${base}/other`)).status).toBe(200);
    expect(pages).toEqual(['/other']);
    for (const run of held) run();
    expect(statusesOf(await connection.until((text) => responseCount(text) === 3))).toEqual([202, 200, 200]);
    expect(pages).toEqual(['/other', '/x', 'reviews']);
    connection.close();
  });

  test('makes a list of reviews as it is taken, and the whole of it', async () => {
    let made = 0;
    const output = 'x'.repeat(1024 * 1024);
    const toJSON = () => ({ reviewId: `r${(made += 1)}`, output });
    reviews = Array.from({ length: 64 }, () => ({ toJSON }));
    const idle = connect({ port, host: '127.0.0.1' });
    idle.write('GET /api/reviews HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await vi.waitFor(() => expect(made).toBeGreaterThan(0));
    expect((await fetch(`${base}/other`)).status).toBe(200);
    expect(made).toBeLessThan(32);
    idle.destroy();
    const list = (await (await fetch(`${base}/api/reviews`)).json()) as { reviews: object[]; total: number };
    expect([list.total, list.reviews.length, Object.keys(list.reviews[63] ?? {})]).toEqual([
      64,
      64,
      ['reviewId', 'output'],
    ]);
    reviews = [];
    expect(await (await fetch(`${base}/api/reviews`)).json()).toEqual({ reviews: [], total: 0 });
    expect((await fetch(`${base}/api/reviews`, { method: 'HEAD' })).status).toBe(200);
  });

  test('judges and serves a request as any other, whatever it expects', async () => {
    for (const [host, status] of [
      ['localhost', 200],
      ['evil.example', 403],
    ] as const) {
      const connection = await RawConnection.open(port);
      connection.write(`GET /api/status HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nExpect: tea\r\n\r\n`);
      const received = await connection.ended();
      expect([statusesOf(received), received.includes("default-src 'none'")]).toEqual([[status], true]);
    }
  });

  test('takes a posted envelope as it came, with 202 and no body', async () => {
    const response = await post('{"ü": 1 }', { 'Content-Type': 'application/json;charset=UTF-8' });
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(posts).toEqual(['{"ü": 1 }']);
  });

  test('says why an envelope is not taken', async () => {
    expect(await problemOf(await post('{}'))).toEqual({ status: 400, code: 'not_a_message', message: 'No.' });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json; charset=latin1',
    '',
  ])('refuses the content type %j, which any page may send without asking', async (type) => {
    const response = await post('{"a":1}', { 'Content-Type': type });
    expect(await problemOf(response)).toMatchObject({ status: 415, code: 'not_json_type' });
    expect(posts).toEqual([]);
  });

  test('refuses a body that is compressed, or not UTF-8', async () => {
    const zipped = await post('x', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    expect(zipped.status).toBe(415);
    const latin1 = await post(new Uint8Array([0x22, 0xfc, 0x22]));
    expect(await problemOf(latin1)).toMatchObject({ status: 400, code: 'not_utf8' });
  });

  test('takes a body of the greatest length, and refuses a longer one on a connection that lives on', async () => {
    const connection = await RawConnection.open(port);
    const head = 'POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    connection.write(`${head}Content-Length: ${MESSAGE_MAX_BYTES}\r\n\r\n${'x'.repeat(MESSAGE_MAX_BYTES)}`);
    await connection.until((text) => responseCount(text) === 1);
    const tooLong = MESSAGE_MAX_BYTES + 1;
    connection.write(`${head}Content-Length: ${tooLong}\r\n\r\n${'x'.repeat(tooLong)}`);
    await connection.until((text) => responseCount(text) === 2);
    connection.write(
      `${head}Transfer-Encoding: chunked\r\n\r\n${tooLong.toString(16)}\r\n${'x'.repeat(tooLong)}\r\n0\r\n\r\n`,
    );
    await connection.until((text) => responseCount(text) === 3);
    connection.write(`${head}Content-Length: 2\r\n\r\n[]`);
    expect(statusesOf(await connection.until((text) => responseCount(text) === 4))).toEqual([202, 413, 413, 202]);
    connection.close();
  });

  test('cuts off whoever goes on and on', async () => {
    const connection = await RawConnection.open(port);
    connection.write('POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    connection.write('Transfer-Encoding: chunked\r\n\r\n');
    connection.write(`${(FRAME_MAX_BYTES * 2).toString(16)}\r\n${'x'.repeat(FRAME_MAX_BYTES + 1)}`);
    expect(statusesOf(await connection.ended())).toEqual([413]);
  });

  test('goes on when a body breaks off', async () => {
    const connection = await RawConnection.open(port);
    connection.write(
      'POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    connection.close();
    expect((await fetch(`${base}/api/status`)).status).toBe(200);
    expect(posts).toEqual([]);
  });

  test.each([
    ['/api/status', STATUS],
    ['/api/reviews', { reviews: [], total: 0 }],
    ['/api/hub/producers', { producers: PRODUCERS, total: 2 }],
    ['/api/health/live', { status: 'live' }],
    ['/api/health/ready', { status: 'ready' }],
  ])('answers %s', async (path, expected) => {
    const response = await fetch(`${base}${path}?x=1`);
    expect(await response.json()).toEqual(expected);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const head = await fetch(`${base}${path}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('lets any page know that something answers, and no page of elsewhere what', async () => {
    const live = await fetch(`${base}/api/health/live`);
    expect(live.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const status = await fetch(`${base}/api/status`);
    expect(status.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test.each([
    ['POST', '/api/status', 'GET, HEAD'],
    ['GET', '/api/hub/ingress', 'POST'],
    ['DELETE', '/', 'GET, HEAD'],
    ['PUT', '/ws', 'GET, HEAD'],
  ])('says what may be done instead of %s %s', async (method, path, allow) => {
    const response = await fetch(`${base}${path}`, { method });
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(response.headers.get('allow')).toBe(allow);
  });

  test('asks for an upgrade where there is WebSocket only', async () => {
    const response = await fetch(`${base}/ingress?producerId=a`);
    expect(await problemOf(response)).toMatchObject({ status: 426, code: 'upgrade_required' });
  });

  test('gives its figures as Prometheus reads them, and to no page of another origin', async () => {
    const response = await fetch(`${base}/metrics`);
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/plain; version=0.0.4',
      'a 1\n',
    ]);
    const foreign = await fetch(`${base}/metrics`, { headers: { Origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
  });

  test('knows no other address below /api, and leaves all others to the page', async () => {
    expect(await problemOf(await fetch(`${base}/api/nothing`))).toMatchObject({ status: 404, code: 'not_found' });
    expect((await fetch(`${base}/api`)).status).toBe(404);
    expect(await (await fetch(`${base}/apis`)).text()).toBe('the page');
  });

  test('sends its security headers with everything', async () => {
    for (const path of ['/', '/api/status', '/api/nothing']) {
      const { headers } = await fetch(`${base}${path}`);
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toBe(value);
    }
  });

  test('turns other hosts and origins away, whatever they ask for', async () => {
    const connection = await RawConnection.open(port);
    connection.write('GET /api/status HTTP/1.1\r\nHost: evil.example\r\n\r\n');
    connection.write('GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n');
    connection.write('GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n');
    connection.write('GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const received = await connection.until((text) => responseCount(text) === 4);
    expect(statusesOf(received)).toEqual([403, 403, 400, 400]);
    expect(received).toContain('host_not_allowed');
    expect(received).toContain('origin_not_allowed');
    expect(received).not.toContain('Access-Control-Allow-Origin');
    connection.close();
  });

  test('lets the pages that may connect read the answers', async () => {
    for (const origin of ['http://localhost:5173', 'https://board.example']) {
      const response = await fetch(`${base}/api/status`, { headers: { Origin: origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
    }
    const preflight = await fetch(`${base}/api/hub/ingress`, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('Content-Type');
    expect((await fetch(`${base}/api/status`)).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('turns new work away while it shuts down, and still says how it is', async () => {
    isDraining = true;
    expect(await problemOf(await post('{"a":1}'))).toMatchObject({ status: 503, code: 'draining' });
    expect((await fetch(`${base}/api/health/ready`)).status).toBe(503);
    expect((await fetch(`${base}/api/health/live`)).status).toBe(200);
    expect((await fetch(`${base}/api/status`)).status).toBe(200);
  });

  test('answers its own failures with 500, and goes on', async () => {
    expect(await problemOf(await post('"boom"'))).toMatchObject({ status: 500, code: 'internal' });
    expect((await post('{"a":1}')).status).toBe(202);
  });

  test('answers what is no HTTP with 400, and headers without end with 431', async () => {
    const garbage = await RawConnection.open(port);
    garbage.write('\x16\x03\x01 hello\r\n\r\n');
    expect(statusesOf(await garbage.ended())).toEqual([400]);
    const endless = await RawConnection.open(port);
    endless.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(statusesOf(await endless.ended())).toEqual([431]);
  });
});

describe('pathOf', () => {
  test('leaves out the query, which may hold a secret', () => {
    expect(pathOf({ url: '/ingress?token=secret' } as never)).toBe('/ingress');
    expect(pathOf({ url: '/' } as never)).toBe('/');
  });
});
