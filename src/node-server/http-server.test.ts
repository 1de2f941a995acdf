import type { IncomingMessage } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { RawConnection } from './test-support/raw-connection.ts';

const HANDLERS = { onRequest: () => undefined, onWebSocket: () => undefined };
const DAY_MS = 86_400_000;

const warnings: string[] = [];
const note = (warning: Error): void => void warnings.push(warning.name);
afterEach(() => process.off('warning', note));

test.each([
  ['a request has less time than its headers', { requestTimeoutMs: 5_000 }, 5_000],
  ['headers have more time than a request', { headersTimeoutMs: 60_000 }, 30_000],
  [
    'both have more than a timer can wait',
    { headersTimeoutMs: 90 * DAY_MS, requestTimeoutMs: 90 * DAY_MS },
    90 * DAY_MS,
  ],
])('takes connections where %s', async (_where, limits, headersTimeoutMs) => {
  process.on('warning', note);
  const server = createHttpServer(HANDLERS, { ...DEFAULT_LIMITS, ...limits });
  expect(server.headersTimeout).toBe(headersTimeoutMs);
  await listenLocally(server);
  await shutDown(server);
  // A warning comes one turn later.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

test('tells every answer that its connection has ended, those too that wait behind another one', async () => {
  const told = new Set<string | undefined>();
  const server = createHttpServer(
    { ...HANDLERS, onRequest: ({ url }, response) => void response.on('close', () => told.add(url)) },
    DEFAULT_LIMITS,
  );
  const connection = await RawConnection.open(await listenLocally(server));
  const both = new Promise<void>((resolve) => {
    server.on('request', ({ url }: IncomingMessage) => url === '/2' && resolve());
  });
  connection.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
  await both;
  connection.close();
  await vi.waitFor(() => expect(told).toEqual(new Set(['/1', '/2'])));
  await shutDown(server);
});
