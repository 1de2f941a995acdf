/** Whether the browser has a feature, by the name that `docs/browsers.md` gives it. Runs in a page. */
export function engineFeatures(): Promise<Record<string, boolean>> {
  const knowsPermission = (name: string): Promise<boolean> =>
    navigator.permissions.query({ name: name as PermissionName }).then(
      () => true,
      () => false,
    );
  return knowsPermission('loopback-network').then((asksForLoopback) => ({
    SharedWorker: 'SharedWorker' in globalThis,
    Worker: 'Worker' in globalThis,
    'navigator.locks': 'locks' in navigator,
    BroadcastChannel: 'BroadcastChannel' in globalThis,
    'navigator.serviceWorker': 'serviceWorker' in navigator,
    'MessagePort.onclose': 'onclose' in MessagePort.prototype,
    'navigator.permissions': asksForLoopback,
    'navigator.storage.persist': 'storage' in navigator && 'persist' in navigator.storage,
    'navigator.storage.estimate': 'storage' in navigator && 'estimate' in navigator.storage,
    'navigator.setAppBadge': 'setAppBadge' in navigator,
    beforeinstallprompt: 'onbeforeinstallprompt' in globalThis,
    trustedTypes: 'trustedTypes' in globalThis,
  }));
}
