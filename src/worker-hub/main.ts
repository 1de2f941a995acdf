import { browserOutside } from './browser-outside.ts';
import { createHub } from './create-hub.ts';

declare const self: SharedWorkerGlobalScope;

const hub = createHub(browserOutside(self));

self.addEventListener('connect', (event) => {
  for (const port of event.ports) hub.connect(port);
});
self.addEventListener('online', () => hub.wake());

// Nobody else would ever learn of these: a SharedWorker has no console that a person sees.
self.addEventListener('error', (event) => hub.reportError(event.error ?? event.message));
self.addEventListener('unhandledrejection', (event) => hub.reportError(event.reason));
