import { beforeEach, describe, expect, it, vi } from 'vitest';

const { createPolicy } = vi.hoisted(() => ({
  createPolicy: vi.fn((_name: string, rules: Record<string, (text: string) => string>) => ({
    createHTML: (markup: string) => ({ trusted: rules['createHTML']?.(markup) }),
    createScriptURL: (url: string) => ({ trusted: rules['createScriptURL']?.(url) }),
  })),
}));

async function freshPolicy() {
  vi.resetModules();
  return import('./trusted-types-policy.ts');
}

beforeEach(() => {
  vi.unstubAllGlobals();
  createPolicy.mockClear();
});

describe('trustedTemplate', () => {
  it('leaves markup as it is where the browser has no Trusted Types', async () => {
    const { trustedTemplate } = await freshPolicy();
    expect(trustedTemplate('<p>one')).toBe('<p>one');
  });

  it('makes the policy named app once, and not before it is needed', async () => {
    vi.stubGlobal('trustedTypes', { createPolicy });
    const { trustedTemplate, trustedScriptUrl } = await freshPolicy();
    expect(createPolicy).not.toHaveBeenCalled();
    expect(trustedTemplate('<p>one')).toEqual({ trusted: '<p>one' });
    trustedTemplate('<p>two');
    trustedScriptUrl('/assets/hub.js');
    expect(createPolicy).toHaveBeenCalledTimes(1);
    expect(createPolicy).toHaveBeenCalledWith('app', expect.anything());
  });
});

describe('trustedScriptUrl', () => {
  it('makes an address of its own origin absolute', async () => {
    const { trustedScriptUrl } = await freshPolicy();
    expect(trustedScriptUrl('/assets/hub.js')).toBe(`${location.origin}/assets/hub.js`);
  });

  it('refuses another origin', async () => {
    const { trustedScriptUrl } = await freshPolicy();
    expect(() => trustedScriptUrl('https://elsewhere.example/hub.js')).toThrow(/scripts come from/);
  });
});
