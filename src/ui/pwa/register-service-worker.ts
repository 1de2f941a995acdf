/** The part of workbox-window's `Workbox` that the page uses. */
export interface ServiceWorkerRegistrar {
  addEventListener(
    type: 'waiting' | 'controlling',
    listener: (event: { isUpdate?: boolean | undefined }) => void,
  ): void;
  register(): Promise<unknown>;
  messageSkipWaiting(): void;
}

/** What the page is told of its own updates. */
export interface UpdateListener {
  /** A new version is installed and waits; `apply` puts it in charge, after which the page reloads. */
  onUpdate(apply: () => void): void;
  reload(): void;
}

/**
 * Registers the service worker, and asks before an update takes over: a new version that is ready waits until `apply` is called, in whichever tab that is. A page reloads
 * only when a new version has taken over from an old one, never on the very first visit.
 */
export async function registerServiceWorker(workbox: ServiceWorkerRegistrar, listener: UpdateListener): Promise<void> {
  workbox.addEventListener('waiting', () => listener.onUpdate(() => workbox.messageSkipWaiting()));
  workbox.addEventListener('controlling', (event) => event.isUpdate === true && listener.reload());
  await workbox.register();
}
