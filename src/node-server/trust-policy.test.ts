import { describe, expect, test } from 'vitest';
import { createTrustPolicy, isLoopbackBind, normalHost, normalOrigin, type TrustSettings } from './trust-policy.ts';

const LOOPBACK: TrustSettings = { host: 'localhost', allowOrigins: [], allowHosts: [] };
const OPEN: TrustSettings = {
  host: '0.0.0.0',
  allowOrigins: ['https://board.example'],
  allowHosts: ['relay.example'],
};

function judge(settings: TrustSettings, host: string | undefined, origin?: string): string {
  const verdict = createTrustPolicy(settings)({ host, origin });
  return verdict.ok ? 'ok' : verdict.code;
}

describe('isLoopbackBind', () => {
  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])(
    '%s stays on this machine',
    (host) => {
      expect(isLoopbackBind(host)).toBe(true);
    },
  );

  test.each(['0.0.0.0', '::', '192.168.1.5', 'relay.example', '127.0.0.1.example', ''])('%j does not', (host) => {
    expect(isLoopbackBind(host)).toBe(false);
  });
});

describe('normalOrigin', () => {
  test.each([
    ['http://localhost:5173', 'http://localhost:5173'],
    ['https://Example.org/', 'https://example.org'],
    ['http://example.org:80/path', 'http://example.org'],
  ])('reads %s', (address, expected) => {
    expect(normalOrigin(address)).toBe(expected);
  });

  test.each(['null', '', 'example.org', 'file:///tmp/x', 'ws://localhost', 'data:text/html,x'])(
    'refuses %j',
    (text) => {
      expect(normalOrigin(text)).toBeUndefined();
    },
  );
});

describe('normalHost', () => {
  test.each([
    ['Relay.Example', 'relay.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['fd00::1', '[fd00::1]'],
    ['[FD00:0:0::1]', '[fd00::1]'],
    ['192.168.1.5', '192.168.1.5'],
  ])('writes %s as a browser does', (name, expected) => {
    expect(normalHost(name)).toBe(expected);
    expect(judge({ ...OPEN, allowHosts: [name] }, `${expected}:7400`)).toBe('ok');
    expect(judge({ ...OPEN, host: name }, expected)).toBe('ok');
  });

  test.each([
    '',
    'relay.example:443',
    'http://relay.example',
    'relay.example/',
    'a b',
    'me@relay.example',
    'a?b',
    'a#b',
  ])('refuses %j', (text) => {
    expect(normalHost(text)).toBeUndefined();
  });
});

describe('createTrustPolicy', () => {
  test.each(['localhost', 'localhost:7400', 'LocalHost:1', '127.0.0.1:9', '[::1]', '[::1]:7400'])(
    'serves requests to the host %s, whatever the port',
    (host) => {
      expect(judge(LOOPBACK, host)).toBe('ok');
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example#localhost',
    '127.0.0.1.evil.example:7400',
    'localhost:7400:7400',
    '[::1',
    '0.0.0.0:7400',
    'localhost:abc',
  ])('refuses requests to the host %j, which somebody pointed here', (host) => {
    expect(judge(LOOPBACK, host)).toBe('host_not_allowed');
  });

  test('goes by the names it was given, and by the one it is bound to', () => {
    expect(judge(OPEN, 'Relay.Example:80')).toBe('ok');
    expect(judge({ ...LOOPBACK, host: '192.168.1.5' }, '192.168.1.5:7400')).toBe('ok');
    expect(judge({ ...LOOPBACK, host: 'fe80::1' }, '[fe80::1]:7400')).toBe('ok');
    expect(judge(OPEN, '0.0.0.0')).toBe('host_not_allowed');
  });

  test.each(['http://localhost', 'http://localhost:5173', 'https://127.0.0.1:8443', 'http://[::1]:3000'])(
    'lets the page %s of this machine in on a loopback bind',
    (origin) => {
      expect(judge(LOOPBACK, 'localhost:7400', origin)).toBe('ok');
    },
  );

  test.each([
    'null',
    '',
    'https://evil.example',
    'http://localhost.evil.example',
    'http://localhost:7400/',
    'http://localhost@evil.example',
    'http://LOCALHOST:7400',
    'file://',
    'ws://localhost:7400',
    'http://localhost, http://evil.example',
    'http://127.0.0.2',
  ])('keeps the page %j out', (origin) => {
    expect(judge(LOOPBACK, 'localhost:7400', origin)).toBe('origin_not_allowed');
  });

  test('elsewhere lets in its own pages and those that were named, and no page of the viewer’s machine', () => {
    expect(judge(OPEN, 'relay.example:7400', 'http://relay.example:7400')).toBe('ok');
    expect(judge(OPEN, 'relay.example', 'https://relay.example')).toBe('ok');
    expect(judge(OPEN, 'relay.example', 'https://board.example')).toBe('ok');
    expect(judge(OPEN, 'relay.example', 'https://board.example:444')).toBe('origin_not_allowed');
    expect(judge(OPEN, 'relay.example:7400', 'http://relay.example:7401')).toBe('origin_not_allowed');
    expect(judge(OPEN, 'relay.example', 'http://localhost:5173')).toBe('origin_not_allowed');
  });

  test('says whose page may read the answer, and how to let a refused one in', () => {
    const policy = createTrustPolicy(LOOPBACK);
    expect(policy({ host: 'localhost', origin: 'http://localhost:1' })).toEqual({
      ok: true,
      origin: 'http://localhost:1',
    });
    expect(policy({ host: 'localhost', origin: undefined })).toEqual({ ok: true });
    expect(policy({ host: 'localhost', origin: 'https://a.example' })).toMatchObject({
      message: expect.stringContaining('--allow-origin'),
    });
    expect(policy({ host: 'x', origin: undefined })).toMatchObject({
      message: expect.stringContaining('--allow-host'),
    });
  });
});
