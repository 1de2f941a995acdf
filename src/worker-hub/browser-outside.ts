import type { Clock } from './clock.ts';
import { CONTROL_CHANNEL, type ControlChannel } from './control-channel.ts';
import type { HubOutside } from './hub-outside.ts';
import { DATABASE_VERSION } from './cache/rostrum-database.ts';
import { openIdbSettingsStore } from './settings/idb-settings-store.ts';
import type { FailureProbes } from './sources/find-failure.ts';
import type { OpenSocket } from './sources/socket.ts';

/** How long something may take to answer before it counts as not there, ms. */
const ANSWER_LIMIT_MS = 3_000;

/**
 * Where the file of the demo lies on the server of the page. Its number goes up with its layout: a hub that outlives a
 * release finds no file then, rather than one that it cannot read.
 */
export const DEMO_PATH = '/demo/press-desk-1.json';

/** The two kinds of worker that the hub runs in: one that all tabs share, and one of a single tab where there are no others. */
export type HubScope = SharedWorkerGlobalScope | DedicatedWorkerGlobalScope;

/** Whether a worker is shared by tabs. */
export function isShared(scope: HubScope): scope is SharedWorkerGlobalScope {
  return 'onconnect' in scope;
}

/** What the hub needs, from the worker that it runs in. */
export function browserOutside(scope: HubScope): HubOutside {
  const { name } = scope;
  const url = scope.location.href;
  return {
    clock: browserClock,
    openSocket: openWebSocket,
    probes: browserProbes(scope),
    // In an insecure context there are none, whatever the type says.
    locks: scope.navigator.locks,
    channel: openControlChannel(),
    release: { database: DATABASE_VERSION, name, ...(isShared(scope) ? { url } : {}) },
    random: () => Math.random(),
    build: scope.location.pathname.split('/').at(-1) ?? '',
    newId: () => newUuid(scope.crypto),
    loadDemo: () => loadText(scope, DEMO_PATH),
    openStore: openIdbSettingsStore,
    // Later: messages and locks that were let go are then on their way.
    close: () => void setTimeout(() => scope.close()),
  };
}

function openControlChannel(): ControlChannel {
  const channel = new BroadcastChannel(CONTROL_CHANNEL);
  return {
    post: (message) => channel.postMessage(message),
    listen: (hear) => channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => hear(data)),
    close: () => channel.close(),
  };
}

/** The clock of the platform. */
export const browserClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, ring) {
    const timer = setTimeout(ring, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

/** A WebSocket of the platform. */
export const openWebSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => events.onOpen());
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') events.onText(data);
    else events.onBinary();
  });
  // An error says nothing, and a close follows it.
  socket.addEventListener('close', ({ code, reason }) => events.onClosed({ code, reason }));
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
};

/** What the platform can say about a connection that failed. */
export function browserProbes(scope: {
  readonly location: { readonly origin: string };
  readonly navigator: {
    readonly onLine: boolean;
    readonly permissions?: { query(descriptor: PermissionDescriptor): Promise<{ readonly state: string }> };
  };
  readonly fetch: typeof fetch;
}): FailureProbes {
  return {
    pageOrigin: scope.location.origin,
    isOnline: () => scope.navigator.onLine,
    async permission(name) {
      try {
        const status = await scope.navigator.permissions?.query({ name: name as PermissionName });
        return status?.state;
      } catch {
        // The browser does not know a permission of this name, so it does not ask for it either.
        return undefined;
      }
    },
    async answers(url) {
      try {
        const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
        await scope.fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', redirect: 'follow', signal });
        return true;
      } catch {
        return false;
      }
    },
  };
}

async function loadText(scope: { readonly fetch: typeof fetch }, path: string): Promise<string> {
  const response = await scope.fetch(path);
  if (!response.ok) throw new Error(`The server answered ${path} with ${response.status}`);
  return response.text();
}

/** `randomUUID` exists only in secure contexts; a page from another machine over http is none. */
function newUuid(crypto: Crypto): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
