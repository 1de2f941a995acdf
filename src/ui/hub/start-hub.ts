import { createSignal } from 'solid-js';
import hubUrl from '../../worker-hub/main.ts?sharedworker&url';
import { trustedScriptUrl } from '../trusted-types-policy.ts';
import { createOrders } from './create-orders.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import type { Hub } from './hub-context.tsx';
import { HubConnection } from './hub-connection.ts';
import type { HubConnectionState } from './hub-connection.ts';
import { LiveTab } from './live-tab.ts';
import { createPortOpener } from './open-hub-port.ts';

/** True where this browser has what the hub needs. */
export function canRunHub(): boolean {
  return 'Worker' in globalThis && 'locks' in navigator && 'BroadcastChannel' in globalThis;
}

/** Reaches the hub of this browser, starting it if this is the first tab, and keeps it told whether the tab is seen. */
export function startHub(): Hub {
  const [state, setState] = createSignal<HubConnectionState>({ kind: 'connecting' });
  const [hubError, setError] = createSignal<string>();
  const isVisible = (): boolean => document.visibilityState === 'visible';
  const builtAtMs = __ROSTRUM_BUILT_AT_MS__;
  const live = new LiveTab(sessionStorage);
  const connection = new HubConnection({
    openPort: createPortOpener((url = hubUrl) => trustedScriptUrl(url)),
    locks: navigator.locks,
    tabId: crypto.randomUUID(),
    builtAtMs,
    isVisible,
    setTimer: (callback, delayMs) => {
      const handle = setTimeout(callback, delayMs);
      return () => clearTimeout(handle);
    },
    onState: (next) => {
      setState(next);
      // What went wrong in a hub that is gone is over with it.
      if (next.kind === 'lost') setError(undefined);
      if (live.note(next)) connection.command((api) => api.useHere()).catch(() => undefined);
    },
    onHubError: setError,
  });
  document.addEventListener('visibilitychange', () => connection.setVisible(isVisible()));
  // A page that goes into the back-forward cache keeps its port: only one that really ends says goodbye.
  addEventListener('pagehide', (event) => !event.persisted && connection.close());
  const frames = new FrameScheduler(frameSource, () => performance.now());
  const orders = createOrders((run) => connection.command(run));
  const forgetHubError = (): void => setError(undefined);
  return { ...orders, connection, frames, builtAtMs, state, hubError, forgetHubError, isVisible };
}

const frameSource = {
  request: (callback: (nowMs: number) => void) => requestAnimationFrame(callback),
  wait: (callback: () => void, delayMs: number) => {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  },
};
