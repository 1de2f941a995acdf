import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { listen, RelayStartError } from './listen.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';

describe('listen', () => {
  const open: Server[] = [];

  afterEach(async () => {
    for (const server of open.splice(0)) await shutDown(server);
  });

  async function listenOn(host: string, port = 0) {
    const listening = await listen({
      host,
      port,
      createServer: () => createServer((_, response) => response.end('hi')),
    });
    open.push(...listening.servers);
    return listening;
  }

  test('serves localhost on both stacks, on one port', async () => {
    const { port } = await listenOn('localhost');
    expect(port).toBeGreaterThan(0);
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('hi');
    }
  });

  test.each(['127.0.0.1', '::1', '[::1]'])('serves the one address %s', async (host) => {
    const { servers } = await listenOn(host);
    expect(servers).toHaveLength(1);
  });

  test('says which port is in use, and what to do', async () => {
    const taken = createServer();
    open.push(taken);
    const port = await listenLocally(taken);
    const refused = listenOn('localhost', port);
    await expect(refused).rejects.toBeInstanceOf(RelayStartError);
    await expect(refused).rejects.toThrow(`Port ${port} of localhost is already in use`);
    // Nothing of the attempt is left behind: the other stack is free.
    await expect(listenOn('::1', port)).resolves.toMatchObject({ port });
  });

  test('says that a host is none of this machine', async () => {
    await expect(listenOn('192.0.2.1')).rejects.toThrow('192.0.2.1 is no address of this machine');
  });
});
