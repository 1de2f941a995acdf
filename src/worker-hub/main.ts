import { browserOutside, type HubScope, isShared } from './browser-outside.ts';
import { createHub } from './create-hub.ts';

declare const self: HubScope;

const scope: WorkerGlobalScope = self;
const hub = createHub(browserOutside(self));

function connect({ ports }: MessageEvent): void {
  for (const port of ports) hub.connect(port);
}

// Where tabs cannot share a worker each has its own, and sends it the one port there is.
if (isShared(self)) self.addEventListener('connect', connect);
else self.addEventListener('message', connect);
scope.addEventListener('online', () => hub.wake());

// Nobody else would ever learn of these: a SharedWorker has no console that a person sees.
scope.addEventListener('error', (event) => hub.reportError(event.error ?? event.message));
scope.addEventListener('unhandledrejection', (event) => hub.reportError(event.reason));
