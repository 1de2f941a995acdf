import { describe, expect, it } from 'vitest';
import { adoptServingRelay } from './adopt-serving-relay.ts';

async function adopted(answer: () => Promise<Response>): Promise<string[]> {
  const origins: string[] = [];
  const api = { adoptOrigin: (origin: string) => Promise.resolve(void origins.push(origin)) };
  const command = (run: (remote: never) => Promise<unknown>): Promise<unknown> => run(api as never);
  await adoptServingRelay({ command: command as never }, answer);
  return origins;
}

describe('adoptServingRelay', () => {
  it('adds the origin of the page when a relay serves it', async () => {
    const status = { status: 'up', version: '0.1.0', producers: 0, viewers: 0, uptimeMs: 1 };
    expect(await adopted(() => Promise.resolve(Response.json(status)))).toEqual([location.origin]);
  });

  it('adds nothing when something else serves it, or nothing answers', async () => {
    expect(await adopted(() => Promise.resolve(new Response('<!doctype html>')))).toEqual([]);
    expect(await adopted(() => Promise.resolve(Response.json({ status: 'ok' })))).toEqual([]);
    expect(await adopted(() => Promise.reject(new TypeError('offline')))).toEqual([]);
  });
});
