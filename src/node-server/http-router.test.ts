import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pathOf } from './http-router.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { createRoutedServer, PRODUCERS, problemOf, STATUS, surfaceOf } from './test-support/http-surface.ts';
import { RawConnection, responseCount, statusesOf } from './test-support/raw-connection.ts';

describe('createRouter', { timeout: 20_000 }, () => {
  let server: Server;
  let base: string;
  let port: number;
  let reviews: readonly object[];

  beforeEach(async () => {
    reviews = [];
    server = createRoutedServer(surfaceOf({ reviews: () => reviews }));
    port = await listenLocally(server);
    base = `http://127.0.0.1:${port}`;
  });

  afterEach(() => shutDown(server));

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
