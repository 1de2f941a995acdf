import { describe, expect, test, vi } from 'vitest';
import { settle } from '../test-support/render-at.tsx';
import { askForLocalNetwork } from './local-network.ts';

const URL_OF_SOURCE = 'ws://localhost:7329/ws';
const never: typeof fetch = () => new Promise(() => undefined);

/** A permission that changes when a test says so; the browser knows no other name. */
function permission(state: PermissionState) {
  const status = Object.assign(new EventTarget(), { state }) as unknown as PermissionStatus & {
    state: PermissionState;
  };
  const query = async ({ name }: PermissionDescriptor): Promise<PermissionStatus> => {
    if ((name as string) !== 'loopback-network') throw new TypeError('no such permission');
    return status;
  };
  const answer = (answered: PermissionState): void => {
    status.state = answered;
    status.dispatchEvent(new Event('change'));
  };
  return { permissions: { query }, answer };
}

async function isSettled(asking: Promise<void>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([asking, settle().then(() => pending)])) !== pending;
}

describe('askForLocalNetwork', () => {
  test('asks by a plain request, over https where the source is secure', async () => {
    const request = vi.fn<typeof fetch>(() => Promise.resolve(new Response()));
    await askForLocalNetwork(URL_OF_SOURCE, { request, permissions: undefined });
    await askForLocalNetwork('wss://10.0.0.5:7400/ws', { request, permissions: undefined });
    expect(request.mock.calls.map(([address]) => address)).toEqual([
      'http://localhost:7329/api/health/live',
      'https://10.0.0.5:7400/api/health/live',
    ]);
    expect(request.mock.calls[0]?.[1]).toMatchObject({ mode: 'no-cors', credentials: 'omit', cache: 'no-store' });
  });

  test('ends when the request fails', async () => {
    const asking = askForLocalNetwork(URL_OF_SOURCE, {
      request: () => Promise.reject(new TypeError('Failed to fetch')),
      permissions: permission('prompt').permissions,
    });
    expect(await isSettled(asking)).toBe(true);
  });

  test('waits for the person, and then not for a server that never answers', async () => {
    const { permissions, answer } = permission('prompt');
    const request = vi.fn(never);
    const asking = askForLocalNetwork(URL_OF_SOURCE, { request, permissions });
    expect(await isSettled(asking)).toBe(false);
    answer('granted');
    expect(await isSettled(asking)).toBe(true);
    expect(request.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
  });

  test('waits only a moment where the person has answered before', async () => {
    vi.useFakeTimers();
    const { permissions } = permission('granted');
    const asking = askForLocalNetwork(URL_OF_SOURCE, { request: never, permissions });
    await vi.advanceTimersByTimeAsync(3_000);
    await asking;
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('gives up after two minutes', async () => {
    vi.useFakeTimers();
    const request = vi.fn<typeof fetch>(
      (_address, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const asking = askForLocalNetwork(URL_OF_SOURCE, { request, permissions: undefined });
    await vi.advanceTimersByTimeAsync(120_000);
    await asking;
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
