import { createSignal } from 'solid-js';
import hubUrl from '../../worker-hub/main.ts?sharedworker&url';
import { trustedScriptUrl } from '../trusted-types-policy.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import type { Hub } from './hub-context.tsx';
import { HubConnection } from './hub-connection.ts';
import type { HubConnectionState } from './hub-connection.ts';

/** True where this browser has what the hub needs. */
export function canRunHub(): boolean {
  return 'SharedWorker' in globalThis && 'locks' in navigator;
}

/** Reaches the hub of this browser, starting it if this is the first tab, and keeps it told whether the tab is seen. */
export function startHub(): Hub {
  const [state, setState] = createSignal<HubConnectionState>({ kind: 'connecting' });
  const [hubError, setError] = createSignal<string>();
  const isVisible = (): boolean => document.visibilityState === 'visible';
  const connection = new HubConnection({
    openPort: () => new SharedWorker(trustedScriptUrl(hubUrl), { type: 'module', name: 'hub' }).port,
    locks: navigator.locks,
    tabId: crypto.randomUUID(),
    builtAtMs: __ROSTRUM_BUILT_AT_MS__,
    isVisible,
    setTimer: (callback, delayMs) => {
      const handle = setTimeout(callback, delayMs);
      return () => clearTimeout(handle);
    },
    onState: setState,
    onHubError: setError,
  });
  document.addEventListener('visibilitychange', () => connection.setVisible(isVisible()));
  // A page that goes into the back-forward cache keeps its port: only one that really ends says goodbye.
  addEventListener('pagehide', (event) => !event.persisted && connection.close());
  return { connection, frames: new FrameScheduler(frameSource, () => performance.now()), state, hubError, isVisible };
}

const frameSource = {
  request: (callback: (nowMs: number) => void) => requestAnimationFrame(callback),
  cancel: (handle: number) => cancelAnimationFrame(handle),
};
