import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { beyond, leftOpen, openResources } from './open-resources.ts';

describe('what is open', () => {
  test('counts servers and timers, until they are ended', async () => {
    const before = openResources();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const timers = [setTimeout(() => undefined, 60_000), setTimeout(() => undefined, 60_000)];
    expect(beyond(before, openResources()).sort()).toEqual(['TCPServerWrap +1', 'Timeout +2']);
    timers.forEach(clearTimeout);
    expect(await leftOpen(before)).toEqual(['TCPServerWrap +1']);
    server.close();
    expect(await leftOpen(before)).toEqual([]);
  });

  test('is compared kind by kind', () => {
    const before = new Map([['Timeout', 2]]);
    expect(beyond(before, new Map([['Timeout', 2]]))).toEqual([]);
    expect(beyond(before, new Map([['Timeout', 1]]))).toEqual([]);
    expect(
      beyond(
        before,
        new Map([
          ['Timeout', 3],
          ['Immediate', 1],
        ]),
      ),
    ).toEqual(['Timeout +1', 'Immediate +1']);
  });
});
