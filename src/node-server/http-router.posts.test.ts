import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { err, ok } from '../protocol/result.ts';
import { FRAME_MAX_BYTES, MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { createRoutedServer, problemOf, surfaceOf } from './test-support/http-surface.ts';
import { RawConnection, responseCount, statusesOf } from './test-support/raw-connection.ts';

describe('createRouter', { timeout: 20_000 }, () => {
  let server: Server;
  let base: string;
  let port: number;
  let posts: string[];
  let refused: string[];
  let pages: (string | undefined)[];
  let isDraining: boolean;
  /** Posts that wait until the relay can take more; they do not if this is undefined. */
  let held: (() => void)[] | undefined;

  beforeEach(async () => {
    posts = [];
    refused = [];
    pages = [];
    isDraining = false;
    held = undefined;
    const surface = surfaceOf({
      site: ({ url }, response) => {
        pages.push(url);
        response.end('the page');
      },
      isDraining: () => isDraining,
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
      reviews: () => {
        pages.push('reviews');
        return [];
      },
    });
    server = createRoutedServer(surface);
    port = await listenLocally(server);
    base = `http://127.0.0.1:${port}`;
  });

  afterEach(() => shutDown(server));

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
});
