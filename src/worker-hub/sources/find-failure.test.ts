import { describe, expect, it } from 'vitest';
import { canonicalAddress, type SourceAddress } from '../../protocol/wire/address.ts';
import { type FailureProbes, findFailure, placeName } from './find-failure.ts';

function address(text: string): SourceAddress {
  const parsed = canonicalAddress(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function probes(options: {
  page?: string;
  online?: boolean;
  permission?: string;
  answers?: boolean;
}): FailureProbes & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    pageOrigin: options.page ?? 'http://localhost:7400',
    isOnline: () => options.online ?? true,
    permission: async (name) => {
      asked.push(name);
      return options.permission;
    },
    answers: async (url) => {
      asked.push(url);
      return options.answers ?? false;
    },
  };
}

describe('findFailure', () => {
  it('says that nothing answers', async () => {
    const asking = probes({ answers: false });
    expect(await findFailure(address('localhost:7329'), asking)).toMatchObject({
      reason: { code: 'nothing-answers', text: expect.stringContaining('localhost:7329') },
      isFinal: false,
    });
    expect(asking.asked).toEqual(['http://localhost:7329/api/health/live']);
  });

  it('names this page and the option of the relay when something answers but lets nobody in', async () => {
    const found = await findFailure(
      address('wss://hub.example/ws'),
      probes({ page: 'https://page.example', answers: true }),
    );
    expect(found.reason.code).toBe('refuses-this-page');
    expect(found.reason.text).toContain('--allow-origin https://page.example');
    expect(found.isFinal).toBe(false);
  });

  it('says that a secure page cannot talk to an insecure place', async () => {
    const page = 'https://page.example';
    const found = await findFailure(address('ws://hub.example:7400/ws'), probes({ page, answers: true }));
    expect(found).toMatchObject({
      reason: { code: 'mixed-content', text: expect.stringContaining('wss') },
      isFinal: true,
    });
    const near = await findFailure(address('ws://localhost:7400/ws'), probes({ page, answers: false }));
    expect(near).toMatchObject({ reason: { code: 'mixed-content' }, isFinal: false });
  });

  it.each([
    ['denied', 'local-network-denied'],
    ['prompt', 'local-network-prompt'],
  ])('says that the permission for the local network is %s', async (permission, code) => {
    const asking = probes({ page: 'https://page.example', permission });
    expect(await findFailure(address('ws://127.0.0.1:7329/ws'), asking)).toMatchObject({
      reason: { code },
      isFinal: true,
    });
    expect(asking.asked).toEqual(['loopback-network']);
    const local = probes({ page: 'https://page.example', permission });
    expect(await findFailure(address('ws://192.168.1.5:7329/ws'), local)).toMatchObject({ reason: { code } });
    expect(local.asked).toEqual(['local-network']);
  });

  it('asks by the older name where the browser has no other', async () => {
    const asking = probes({ page: 'https://page.example' });
    const older = {
      ...asking,
      permission: async (name: string) => (name === 'local-network-access' ? 'prompt' : undefined),
    };
    expect(await findFailure(address('ws://127.0.0.1:7329/ws'), older)).toMatchObject({
      reason: { code: 'local-network-prompt' },
    });
  });

  it('goes on where the permission is granted, or the browser knows none', async () => {
    for (const permission of ['granted', undefined]) {
      const asking = probes({ page: 'http://page.example', answers: true, ...(permission && { permission }) });
      const found = await findFailure(address('ws://127.0.0.1:7329/ws'), asking);
      expect(found.reason.code).toBe('refuses-this-page');
    }
  });

  it('says that the computer is offline, but not of a place on it', async () => {
    const far = await findFailure(address('hub.example:7400'), probes({ online: false }));
    expect(far).toMatchObject({ reason: { code: 'offline' }, isFinal: false });
    const here = await findFailure(address('localhost:7400'), probes({ online: false }));
    expect(here.reason.code).toBe('nothing-answers');
  });

  it('copes with a page that has no address', async () => {
    const found = await findFailure(address('hub.example:7400'), probes({ page: 'null' }));
    expect(found.reason.code).toBe('nothing-answers');
  });
});

describe('placeName', () => {
  it('is host and port', () => {
    expect(placeName(address('wss://Hub.Example/ws'))).toBe('hub.example:443');
  });
});
