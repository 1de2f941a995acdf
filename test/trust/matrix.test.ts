import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import { envelope, SAID } from '../support/envelopes.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { ask } from './ask.ts';
import { ALLOWED_HOST, ALLOWED_ORIGIN, BINDS, type Cell, cellsOf, ENDPOINTS, HOSTS, ORIGINS } from './cells.ts';

/** How many requests are under way at a time. */
const AT_ONCE = 16;

/** Which producers a matrix of posts may have made: those of the cells that are served. */
function producerOf(cell: Cell): string {
  return `${cell.host ?? 'no host'} ${cell.origin ?? 'no origin'}`;
}

test('the matrix has several hundred cells, and expects each kind of answer', () => {
  const cells = BINDS.flatMap((bind) => ENDPOINTS.flatMap((endpoint) => cellsOf(bind, endpoint, 7400)));
  expect(cells).toHaveLength(BINDS.length * ENDPOINTS.length * HOSTS.length * ORIGINS.length);
  expect(cells.length).toBeGreaterThan(1_000);
  const answers = new Set(cells.map(({ expected }) => expected.code ?? expected.status));
  expect(answers).toEqual(new Set([101, 200, 202, 'unknown_review', 'host_not_allowed', 'origin_not_allowed']));
});

describe.each(BINDS)('who may talk to a relay at $host', (bind) => {
  expectNothingLeftOpen();
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let webFolder: string;
  let relay: Relay;

  beforeAll(async () => {
    webFolder = mkdtempSync(join(tmpdir(), 'rostrum-trust-'));
    writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Rostrum</title>');
    const options = { allowHosts: [ALLOWED_HOST], allowOrigins: [ALLOWED_ORIGIN], maxProducers: 10_000 };
    relay = createRelay({ host: bind.host, port: 0, noAuth: bind.isOpen, webFolder, ...options });
    await relay.start();
  });

  afterAll(async () => {
    agent.destroy();
    await relay.stop();
    rmSync(webFolder, { recursive: true });
  });

  /** Asks all, a few at a time, and gives each cell that was answered otherwise than expected. */
  async function wrong(cells: readonly Cell[]): Promise<object[]> {
    const found: object[] = [];
    const left = [...cells];
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let cell = left.shift(); cell !== undefined; cell = left.shift()) {
        const text = JSON.stringify(envelope({ producerId: producerOf(cell), sequence: 1 }, SAID.runStarted()));
        const answer = await ask({ cell, port: relay.port, agent, envelope: text });
        const { host, origin, expected } = cell;
        if (JSON.stringify(answer) !== JSON.stringify(expected)) found.push({ host, origin, answer, expected });
      }
    });
    await Promise.all(workers);
    return found;
  }

  test.each(ENDPOINTS)('$method $path', async (endpoint) => {
    const cells = cellsOf(bind, endpoint, relay.port);
    expect(await wrong(cells)).toEqual([]);
    if (endpoint.path !== '/api/hub/ingress') return;
    const response = await fetch(`http://${bind.reachedAt.replace('::1', '[::1]')}:${relay.port}/api/hub/producers`);
    const { producers } = (await response.json()) as { producers: { producerId: string }[] };
    const taken = new Set(cells.filter(({ expected }) => expected.status === 202).map(producerOf));
    expect(new Set(producers.map(({ producerId }) => producerId))).toEqual(taken);
  });
});
