import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalAddress, isLoopbackHost } from './address.ts';
import { ADDRESS_MAX_CHARS } from './limits.ts';

function canonical(text: string): string {
  const result = canonicalAddress(text);
  return result.ok ? result.value.sourceId : `refused: ${result.error.code}`;
}

describe('canonicalAddress', () => {
  test.each([
    ['localhost:7329', 'ws://localhost:7329/ws'],
    ['  localhost:7329\n', 'ws://localhost:7329/ws'],
    ['localhost:7329/', 'ws://localhost:7329/ws'],
    ['localhost:7329/ws', 'ws://localhost:7329/ws'],
    ['localhost:7329/ws/', 'ws://localhost:7329/ws'],
    ['http://localhost:7400', 'ws://localhost:7400/ws'],
    ['HTTP://LocalHost:7400/', 'ws://localhost:7400/ws'],
    ['https://hub.example.org', 'wss://hub.example.org:443/ws'],
    ['http://hub.example.org', 'ws://hub.example.org:80/ws'],
    ['hub.example.org', 'ws://hub.example.org:80/ws'],
    ['localhost', 'ws://localhost:80/ws'],
    ['ws://localhost:7400', 'ws://localhost:7400/ws'],
    ['ws://localhost:7400/ws', 'ws://localhost:7400/ws'],
    ['ws://localhost:7400/ws?protocol=x#top', 'ws://localhost:7400/ws'],
    ['wss://Hub.Example.org/ws', 'wss://hub.example.org:443/ws'],
    ['wss://hub.example.org:443/ws', 'wss://hub.example.org:443/ws'],
    ['wss://hub.example.org:80/ws', 'wss://hub.example.org:80/ws'],
    ['ws://hub.example.org/agents/live/', 'ws://hub.example.org:80/agents/live'],
    ['https://hub.example.org/agents/', 'wss://hub.example.org:443/agents/ws'],
    ['[::1]:7400', 'ws://[::1]:7400/ws'],
    ['http://[0:0:0:0:0:0:0:1]:7400', 'ws://[::1]:7400/ws'],
    ['127.0.0.1:7400', 'ws://127.0.0.1:7400/ws'],
    ['agent_1.lan:9000', 'ws://agent_1.lan:9000/ws'],
    ['bücher.example', 'ws://xn--bcher-kva.example:80/ws'],
  ])('%j is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    ['', 'blank'],
    ['  \t ', 'blank'],
    ['ftp://localhost:21', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript://localhost:80/%0aalert(1)', 'scheme'],
    ['chrome-extension://abc', 'scheme'],
    ['javascript:alert(1)', 'malformed'],
    ['http://me:secret@localhost:7400', 'credentials'],
    ['me@localhost:7400', 'credentials'],
    ['wss://:secret@localhost', 'credentials'],
    ['localhost:0', 'port'],
    ['localhost:65536', 'port'],
    ['ws://localhost:99999/ws', 'port'],
    ['localhost:abc', 'malformed'],
    ['::1', 'malformed'],
    ['http://', 'malformed'],
    ['/ws', 'malformed'],
    ['//localhost:7400/ws', 'malformed'],
    ['local host:7400', 'malformed'],
    ['local\thost:7400', 'malformed'],
    ['http:\\\\localhost', 'malformed'],
    ['localhost\u0000:1', 'malformed'],
    ['$.producers[0].address', 'malformed'],
    ['$.producers', 'host'],
    ['$..address', 'host'],
    ['@.producers', 'host'],
    ['*', 'host'],
    ['a..b', 'host'],
    ['-a.example', 'host'],
    ['{"address":"localhost"}', 'malformed'],
    [`${'a.'.repeat(200)}a`, 'host'],
    [`localhost:7400/${'a'.repeat(ADDRESS_MAX_CHARS)}`, 'too_long'],
  ])('%j is refused: %s', (text, code) => {
    expect(canonical(text)).toBe(`refused: ${code}`);
  });

  test('says what to do, and never repeats a credential', () => {
    const blank = canonicalAddress('');
    expect(blank).toMatchObject({ error: { message: expect.stringContaining('localhost:7329') } });
    expect(canonicalAddress('::1')).toMatchObject({ error: { message: expect.stringContaining('[::1]:7400') } });
    expect(JSON.stringify(canonicalAddress('ws://me:hunter2@localhost'))).not.toContain('hunter2');
  });

  test('takes an address apart', () => {
    expect(canonicalAddress('https://[::1]/x')).toEqual({
      ok: true,
      value: {
        sourceId: 'wss://[::1]:443/x/ws',
        url: 'wss://[::1]:443/x/ws',
        host: '[::1]',
        port: 443,
        secure: true,
      },
    });
  });

  test('never throws, and leaves what is canonical as it is', () => {
    const junk = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.ipV6(), fc.domain(), fc.json());
    fc.assert(
      fc.property(fc.constantFrom('', 'ws://', 'wss://', 'http://', 'https://'), junk, (scheme, text) => {
        const once = canonicalAddress(scheme + text);
        if (once.ok) expect(canonicalAddress(once.value.sourceId)).toEqual(once);
        else expect(once.error.message).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });

  test('gives one source one id, however it is written', () => {
    const spellings = [
      'Localhost:7400',
      'http://localhost:7400',
      'ws://LOCALHOST:7400/',
      'ws://localhost:07400/ws/?a=b',
    ];
    expect(new Set(spellings.map(canonical))).toEqual(new Set(['ws://localhost:7400/ws']));
  });
});

describe('isLoopbackHost', () => {
  test.each(['localhost', '127.0.0.1', '[::1]'])('%s is', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  test.each(['localhost.example.org', '127.0.0.1.example.org', 'example.org', '0.0.0.0', '[::]', '192.168.0.1', ''])(
    '%s is not',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
