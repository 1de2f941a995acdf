import type { Server } from 'node:http';
import { expect } from 'vitest';
import { ok } from '../../protocol/result.ts';
import { type HttpSurface, createRouter } from '../http-router.ts';
import { createHttpServer } from '../http-server.ts';
import { silentLog } from '../log.ts';
import { DEFAULT_LIMITS } from '../relay-limits.ts';
import { createTrustPolicy } from '../trust-policy.ts';

/** How the relay behind the router is. */
export const STATUS = { status: 'running', version: '1.2.3', producers: 1, viewers: 2, uptimeMs: 3 } as const;

/** Whom it knows. */
export const PRODUCERS = [{ producerId: 'a', serviceName: 's' }, { producerId: 'b' }];

/** What a relay is to its router: it takes everything, and says little; a test brings what it looks at. */
export function surfaceOf(change: Partial<HttpSurface>): HttpSurface {
  return {
    trust: createTrustPolicy({ host: 'localhost', allowOrigins: ['https://board.example'], allowHosts: [] }),
    site: (_, response) => void response.end('the page'),
    log: silentLog,
    limits: DEFAULT_LIMITS,
    isDraining: () => false,
    status: () => STATUS,
    producers: () => PRODUCERS,
    takePost: (read) => (read.ok ? ok(undefined) : read),
    whenClear: (run) => run(),
    metrics: { contentType: 'text/plain; version=0.0.4', text: () => Promise.resolve('a 1\n') },
    reviews: () => [],
    decide: (reviewId, text) => ok({ reviewId, text }),
    ...change,
  };
}

/** Serves it, and nothing but plain requests. */
export function createRoutedServer(surface: HttpSurface): Server {
  return createHttpServer(
    { onRequest: createRouter(surface), onWebSocket: (_, socket) => socket.destroy() },
    DEFAULT_LIMITS,
  );
}

/** What a refusal says. */
export async function problemOf(response: Response): Promise<{ status: number; code: string; message: string }> {
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const body = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...body.error };
}
