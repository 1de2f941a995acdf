import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { readBody } from './request-body.ts';

/** What this process holds on its heap, without what nobody holds any more. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function requestOf(headers: object = {}) {
  const body = new PassThrough();
  Object.assign(body, { headers, socket: { destroy: () => undefined } });
  return { body, request: body as unknown as IncomingMessage };
}

describe('readBody', { timeout: 20_000 }, () => {
  test('puts together what came in pieces', async () => {
    const { body, request } = requestOf();
    const read = readBody(request, DEFAULT_LIMITS);
    const bytes = Buffer.from('{"a": "ü, ', 'utf8');
    for (let index = 0; index < bytes.length; index += 1) body.write(bytes.subarray(index, index + 1));
    body.write('x'.repeat(100_000));
    body.end('"}');
    expect(await read).toEqual({ ok: true, value: `{"a": "ü, ${'x'.repeat(100_000)}"}` });
  });

  test('refuses what Node has no text for, however large the limit', async () => {
    const { request } = requestOf({ 'content-length': '600000000' });
    const read = readBody(request, { ...DEFAULT_LIMITS, maxMessageBytes: 2 ** 40 });
    expect(await read).toMatchObject({ ok: false, error: { status: 413 } });
  });

  test('holds no more for a body in many pieces than for one in few', async () => {
    const { body, request } = requestOf();
    const read = readBody(request, DEFAULT_LIMITS);
    const pieces = 500_000;
    const before = heldBytes();
    for (let sent = 0; sent < pieces; sent += 1) {
      if (!body.write(Buffer.from('x'))) await new Promise((resolve) => body.once('drain', resolve));
    }
    expect(heldBytes() - before).toBeLessThan(10 * pieces);
    body.end();
    expect((await read).ok).toBe(true);
  });
});
