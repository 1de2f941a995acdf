/** How long the browser's question may stay open before the hub tries anyway, ms. */
const ASK_LIMIT_MS = 120_000;

/**
 * Makes the browser ask whether this page may reach the local network: only a request of the page itself, on a click, makes
 * it ask, never one of a worker. A plain request is enough, and unlike a socket it opens and closes nothing that a dashboard
 * counts. What came of it is for the hub to find out; this settles either way.
 *
 * @param url the socket's address of the source
 */
export async function askForLocalNetwork(url: string, request: typeof fetch = fetch): Promise<void> {
  const { protocol, host } = new URL(url);
  const address = `${protocol === 'wss:' ? 'https' : 'http'}://${host}/api/health/live`;
  const signal = AbortSignal.timeout(ASK_LIMIT_MS);
  try {
    await request(address, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal });
  } catch {
    // Refused by the person, or nobody there: both show when the hub tries again.
  }
}
