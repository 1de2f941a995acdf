/**
 * How the hub's worker is made. Chromium gives no worker at all where one of the same address and name runs with other
 * options, and tabs of several releases meet in one worker: whoever changes an option here has to change the name as well.
 * With `extendedLifetime` (https://html.spec.whatwg.org/multipage/workers.html#dom-sharedworkeroptions-extendedlifetime) the worker outlives the reload of its only tab;
 * browsers without it ignore it.
 */
const WORKER_OPTIONS = { type: 'module', name: 'hub-1', extendedLifetime: true } as const;

/** Opens a port to the hub's worker, in place of any before; what {@link createPortOpener} returns. */
export type OpenHubPort = (url: string | undefined, onFailed: () => void) => MessagePort;

/**
 * Opens ports to the worker that all tabs share, or, where the browser has none such, to one of this tab alone.
 *
 * @param resolveUrl gives the address of the worker's script: the one that is asked for, else that of this page's own hub
 */
export function createPortOpener(resolveUrl: (url: string | undefined) => string): OpenHubPort {
  if ('SharedWorker' in globalThis) return (url, onFailed) => openShared(resolveUrl(url), onFailed);
  let own: Worker | undefined;
  return (url, onFailed) => {
    own?.terminate();
    own = new Worker(resolveUrl(url), WORKER_OPTIONS);
    // An error that has a message is one of a script that runs: the hub reports those itself.
    own.addEventListener('error', (event: Event) => !(event instanceof ErrorEvent) && onFailed());
    const { port1, port2 } = new MessageChannel();
    own.postMessage(undefined, [port2]);
    return port1;
  };
}

function openShared(url: string, onFailed: () => void): MessagePort {
  const worker = new SharedWorker(url, WORKER_OPTIONS);
  worker.addEventListener('error', onFailed);
  return worker.port;
}
