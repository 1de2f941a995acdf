import { afterEach, expect, test } from 'vitest';
import { createHttpServer } from './http-server.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';

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
