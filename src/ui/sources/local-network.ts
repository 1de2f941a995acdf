/** How long the browser's question may stay open before the hub tries anyway, ms. */
const ASK_LIMIT_MS = 120_000;

/** How long the request may take where the person has answered before, ms: its answer is of no use. */
const ANSWERED_LIMIT_MS = 3_000;

/** What browsers call the permission: for this machine, for its network, and before the two were told apart. */
const PERMISSIONS = ['loopback-network', 'local-network', 'local-network-access'];

/** What asking needs of the page. */
export interface AskingPage {
  readonly request: typeof fetch;
  /** Absent where the browser has none. */
  readonly permissions: Pick<Permissions, 'query'> | undefined;
}

/**
 * Makes the browser ask whether this page may reach the local network: only a request of the page itself, on a click, makes
 * it ask, never one of a worker. A plain request is enough, and unlike a socket it opens and closes nothing that a dashboard
 * counts. Settles once the person has answered or the request has ended; what came of it is for the hub to find out.
 *
 * @param url the socket's address of the source
 */
export async function askForLocalNetwork(
  url: string,
  page: AskingPage = { request: fetch, permissions: navigator.permissions },
): Promise<void> {
  const { protocol, host } = new URL(url);
  const address = `${protocol === 'wss:' ? 'https' : 'http'}://${host}/api/health/live`;
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), ASK_LIMIT_MS);
  // Refused by the person, or nobody there: both show when the hub tries again.
  const answered = page
    .request(address, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: ended.signal })
    .catch(() => undefined);
  await Promise.race([answered, decided(page.permissions, ended.signal)]);
  clearTimeout(timer);
  ended.abort();
}

/** The person has answered; a server that never does must not keep the hub from trying. Stays open where that cannot be seen. */
async function decided(permissions: AskingPage['permissions'], signal: AbortSignal): Promise<void> {
  const queries = PERMISSIONS.map(async (name) => permissions?.query({ name: name as PermissionName }));
  const known = (await Promise.allSettled(queries)).flatMap((query) =>
    query.status === 'fulfilled' && query.value !== undefined ? [query.value] : [],
  );
  await new Promise<void>((resolve) => {
    const isAnswered = known.length > 0 && known.every(({ state }) => state !== 'prompt');
    const timer = isAnswered ? setTimeout(resolve, ANSWERED_LIMIT_MS) : undefined;
    signal.addEventListener('abort', () => clearTimeout(timer));
    for (const status of known) status.addEventListener('change', () => resolve(), { signal });
  });
}
