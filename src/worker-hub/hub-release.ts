/** Which hub this is, beside others of the same browser: what decides who may hold the connections. */
export interface HubRelease {
  /** Version of the contract between tab and hub. */
  readonly contract: number;
  /** Version of the layout of the database. */
  readonly database: number;
  /** When the newest page that uses this hub was built, ms since the Unix epoch; the hub's own code does not know it. */
  readonly builtAtMs: number;
  /** Name that its SharedWorker was made with. */
  readonly name: string;
  /** Address of its script, by which tabs of another page can reach it; absent in a worker that belongs to one tab. */
  readonly url?: string;
}

const PREFIX = 'hub-release ';

/** Above 0 where `a` is the newer: by contract, then database, then build. The address only makes a tie impossible. */
export function compareReleases(a: HubRelease, b: HubRelease): number {
  const byVersion = a.contract - b.contract || a.database - b.database || a.builtAtMs - b.builtAtMs;
  if (byVersion !== 0) return byVersion;
  const [left, right] = [a.url ?? '', b.url ?? ''];
  return left === right ? 0 : left > right ? 1 : -1;
}

/** Whether the tabs of `own` can go on at the hub `next` without a reload. */
export function canReach(next: HubRelease, own: HubRelease): boolean {
  const isShared = next.url !== undefined && own.url !== undefined;
  return isShared && next.contract === own.contract && next.name === own.name;
}

/**
 * Name of the lock by which a hub shows its release to hubs of every other version, for as long as it lives: a lock can be
 * seen also while its holder is busy or frozen. Versions to come must keep to this form.
 */
export function releaseLockName(bootId: string, release: HubRelease): string {
  return PREFIX + JSON.stringify({ bootId, ...release });
}

/** What a lock's name says of the release of its holder; undefined for any other lock. */
export function readReleaseLock(name: string): { readonly bootId: string; readonly release: HubRelease } | undefined {
  if (!name.startsWith(PREFIX)) return undefined;
  try {
    const said: unknown = JSON.parse(name.slice(PREFIX.length));
    return isObject(said) && typeof said['bootId'] === 'string' && isRelease(said)
      ? { bootId: said['bootId'], release: said }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value that came from another hub, perhaps of another version, is a release. */
export function isRelease(value: unknown): value is HubRelease & Record<string, unknown> {
  if (!isObject(value)) return false;
  const { contract, database, builtAtMs, name, url } = value;
  const areNumbers = [contract, database, builtAtMs].every(Number.isFinite);
  return areNumbers && typeof name === 'string' && (url === undefined || typeof url === 'string');
}

/** Whether a value has members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
