import type { HubConnection } from '../hub/hub-connection.ts';

/**
 * Adds the relay that served this page, so that the first minute needs no setting. A page from elsewhere (a static host, the development server without a relay)
 * answers the status without a version, or not at all, and nothing is added. Offline nothing answers either: what was added before is remembered.
 */
export async function adoptServingRelay(
  connection: Pick<HubConnection, 'command'>,
  fetchStatus: () => Promise<Response> = () => fetch('/api/status'),
): Promise<void> {
  if (await isRelay(fetchStatus)) await connection.command((api) => api.adoptOrigin(location.origin));
}

async function isRelay(fetchStatus: () => Promise<Response>): Promise<boolean> {
  try {
    const status: unknown = await (await fetchStatus()).json();
    return typeof status === 'object' && status !== null && 'version' in status && 'producers' in status;
  } catch {
    return false; // nothing answers, or not in JSON: not a relay
  }
}
