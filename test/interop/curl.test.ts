import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { FakeViewer } from '../support/viewer.ts';

const ENVELOPE = {
  type: 'event',
  producer: { producerId: 'shell', serviceName: 'nightly — ü' },
  sequence: 1,
  receivedAt: '2026-01-01T00:00:00Z',
  message: said.ensembleStarted(),
};

describe('a shell with nothing but curl', () => {
  let relay: Relay;
  let url: string;
  beforeAll(async () => {
    relay = createRelay({ port: 0 });
    ({ url } = await relay.start());
  });
  afterAll(() => relay.stop());

  /** What curl prints for these options, as a shell would start it. */
  async function curl(...options: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('curl', ['--silent', '--show-error', '--noproxy', '*', ...options]);
    return stdout;
  }

  it('posts one event, which whoever looks is shown, and who comes later too', async () => {
    const viewer = await FakeViewer.connect(url);
    const body = JSON.stringify(ENVELOPE);
    const answer = curl(
      '-w',
      '%{http_code}',
      `${url}/api/hub/ingress`,
      '-H',
      'Content-Type: application/json',
      '-d',
      body,
    );
    expect(await answer).toBe('202');
    await viewer.until(() => viewer.messagesOf('event').length > 0);
    expect(viewer.messagesOf('event')).toMatchObject([ENVELOPE]);
    const late = await FakeViewer.connect(url);
    expect(late.messagesOf('hub_hello')).toMatchObject([{ snapshotTrace: [ENVELOPE] }]);
    for (const each of [viewer, late]) each.close();
  });

  it('is told what is wrong with an event that is none', async () => {
    const body = JSON.stringify({ ...ENVELOPE, sequence: 'first' });
    const answer = await curl(
      '-w',
      '\n%{http_code}',
      `${url}/api/hub/ingress`,
      '-H',
      'Content-Type: application/json',
      '-d',
      body,
    );
    expect(answer).toMatch(/sequence[^]*\n400$/);
  });
});
