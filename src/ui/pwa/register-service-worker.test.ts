import { describe, expect, it } from 'vitest';
import { registerServiceWorker } from './register-service-worker.ts';
import type { ServiceWorkerRegistrar } from './register-service-worker.ts';

async function registered() {
  const listeners = new Map<string, (event: { isUpdate?: boolean }) => void>();
  const log: string[] = [];
  const workbox: ServiceWorkerRegistrar = {
    addEventListener: (type, listener) => void listeners.set(type, listener),
    register: () => Promise.resolve(log.push('register')),
    messageSkipWaiting: () => void log.push('skip waiting'),
  };
  let apply: (() => void) | undefined;
  await registerServiceWorker(workbox, {
    onUpdate: (run) => {
      apply = run;
      log.push('asked');
    },
    reload: () => log.push('reload'),
  });
  return { log, fire: (type: string, event = {}) => listeners.get(type)?.(event), apply: () => apply?.() };
}

describe('registerServiceWorker', () => {
  it('asks when a new version waits, and lets it take over only when told to', async () => {
    const page = await registered();
    page.fire('waiting');
    expect(page.log).toEqual(['register', 'asked']);
    page.apply();
    expect(page.log.at(-1)).toBe('skip waiting');
  });

  it('reloads when a new version has taken over, not on the first visit', async () => {
    const page = await registered();
    page.fire('controlling', { isUpdate: false });
    expect(page.log).not.toContain('reload');
    page.fire('controlling', { isUpdate: true });
    expect(page.log).toContain('reload');
  });
});
