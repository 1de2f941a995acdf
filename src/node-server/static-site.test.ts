import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdirSync, mkdtempSync, type ReadStream, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStaticSite } from './static-site.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { RawConnection, responseCount, statusesOf } from './test-support/raw-connection.ts';

const HTML = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('createStaticSite', () => {
  let folder: string;
  let web: string;
  let server: Server;
  let base: string;
  let port: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'static-site-'));
    web = join(folder, 'web');
    mkdirSync(join(web, 'assets'), { recursive: true });
    writeFileSync(join(web, 'index.html'), '<title>page</title>');
    writeFileSync(join(web, 'sw.js'), 'self;');
    writeFileSync(join(web, 'assets', 'main-abc.js'), 'plain');
    writeFileSync(join(web, 'assets', 'main-abc.js.br'), 'brotli');
    writeFileSync(join(web, 'assets', 'main-abc.js.gz'), 'gzip');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    mkdirSync(join(folder, 'web-secret'));
    writeFileSync(join(folder, 'web-secret', 'x.txt'), 'secret');
    server = createServer(createStaticSite(web));
    port = await listenLocally(server);
    base = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await shutDown(server);
    rmSync(folder, { recursive: true });
  });

  test.each(['/', '/live?server=ws://localhost:7329/ws', '/hub', '/network', '/trace', '/producer/svc.a-1/run'])(
    'serves the page at %s',
    async (path) => {
      const response = await fetch(`${base}${path}`, { headers: HTML });
      expect([response.status, await response.text()]).toEqual([200, '<title>page</title>']);
      expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  test('closes a file that nobody takes to its end', async () => {
    const path = join(web, 'assets', 'long.js');
    writeFileSync(path, '');
    truncateSync(path, 256 * 1024 * 1024);
    const files: ReadStream[] = [];
    server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
      response.on('pipe', (file: ReadStream) => files.push(file));
    });
    const connection = await RawConnection.open(port);
    connection.write('GET /assets/long.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await connection.until((received) => received.length > 100_000);
    connection.close();
    await vi.waitFor(() => expect(files.map(({ destroyed }) => destroyed)).toEqual([true]));
    expect(files[0]?.bytesRead).toBeLessThan(256 * 1024 * 1024);
  });

  test('serves the page to whoever takes anything, at an address that names no file', async () => {
    expect((await fetch(`${base}/hub`, { headers: { Accept: '*/*' } })).status).toBe(200);
  });

  test.each(['/assets/main-old.js', '/nothing.js', '/assets/'])('says that there is no file %s', async (path) => {
    const response = await fetch(`${base}${path}`, { headers: { Accept: '*/*' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });

  test('never answers with the page where a script, picture or JSON was asked for', async () => {
    expect((await fetch(`${base}/hub`, { headers: { Accept: 'application/json' } })).status).toBe(404);
    expect((await fetch(`${base}/assets/gone.js`, { headers: HTML })).status).toBe(404);
  });

  test('lets files with a hash in their name be kept for ever, and no others', async () => {
    const asset = await fetch(`${base}/assets/main-abc.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${base}/sw.js`)).headers.get('cache-control')).toBe('no-cache');
  });

  test('sends the compressed copy to those who take it', async () => {
    const read = async (encoding: string) => {
      const connection = await RawConnection.open(port);
      connection.write(
        `GET /assets/main-abc.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: ${encoding}\r\nConnection: close\r\n\r\n`,
      );
      return connection.ended();
    };
    expect(await read('gzip, br')).toMatch(/Content-Encoding: br[^]*brotli$/);
    expect(await read('gzip')).toMatch(/Content-Encoding: gzip[^]*gzip$/);
    expect(await read('identity')).toMatch(/plain$/);
    expect(await read('br')).toContain('Vary: Accept-Encoding');
  });

  test('answers 304 to those who have it already', async () => {
    const etag = (await fetch(`${base}/sw.js`)).headers.get('etag') ?? '';
    const again = await fetch(`${base}/sw.js`, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
  });

  test('leaves its folder for nobody', async () => {
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/../web-secret/x.txt',
      '/%00',
      '/%',
      '//',
    ];
    const connection = await RawConnection.open(port);
    for (const path of paths) connection.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const received = await connection.until((text) => responseCount(text) === paths.length);
    expect(received).not.toContain('secret\r\n');
    expect(received.match(/secret$/m)).toBeNull();
    connection.close();
  });

  test('survives every range', async () => {
    const connection = await RawConnection.open(port);
    for (const range of ['bytes=4-1', 'bytes=99-', 'bytes=a-b', 'x']) {
      connection.write(`GET /sw.js HTTP/1.1\r\nHost: x\r\nRange: ${range}\r\n\r\n`);
    }
    expect(statusesOf(await connection.until((text) => responseCount(text) === 4))).toEqual([200, 200, 200, 200]);
    connection.close();
  });

  test('cuts off who asks for a file that cannot be read, and goes on', async () => {
    // As a file that is gone by the time it is opened, or one too many for this process.
    const unreadable = createSocketServer().listen(join(web, 'odd.js'));
    await once(unreadable, 'listening');
    const connection = await RawConnection.open(port);
    connection.write('GET /odd.js HTTP/1.1\r\nHost: x\r\n\r\n');
    await connection.ended();
    expect(await (await fetch(`${base}/sw.js`)).text()).toBe('self;');
    unreadable.close();
  });

  test('serves what is built while it runs', async () => {
    writeFileSync(join(web, 'assets', 'new-1.js'), 'new');
    expect(await (await fetch(`${base}/assets/new-1.js`)).text()).toBe('new');
  });

  test('says in words that there is no page', async () => {
    rmSync(web, { recursive: true });
    const response = await fetch(`${base}/`, { headers: HTML });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('not installed');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });
});
