import { compareReleases, type HubRelease, readReleaseLock } from './hub-release.ts';
import type { HeldLock } from './locks.ts';

/** Held by the one hub that may open sockets and databases. */
export const ACTIVE_LOCK = 'hub-active';

/** The lock that a hub holds for as long as it lives: who waits for it learns of the hub's death. */
export function aliveLockName(bootId: string): string {
  return `hub-alive-${bootId}`;
}

/** Who is there beside this hub, as the locks tell it. */
export interface OtherHubs {
  /** The newest of them; undefined where there is none. */
  readonly newest: HubRelease | undefined;
  /** Who holds the lock of the active one, if it is not this hub. Its release is unknown if it shows none. */
  readonly holder: { readonly release: HubRelease | undefined } | undefined;
  /** Whether this hub holds that lock. */
  readonly isHolder: boolean;
}

/** Reads from all locks of the origin which hubs there are beside that of this boot. */
export function readOtherHubs(held: readonly HeldLock[], bootId: string): OtherHubs {
  const active = held.find(({ name }) => name === ACTIVE_LOCK);
  const isHolders = (lock: HeldLock): boolean => active !== undefined && lock.clientId === active.clientId;
  const isHolder = held.some((lock) => lock.name === aliveLockName(bootId) && isHolders(lock));
  let newest: HubRelease | undefined;
  let release: HubRelease | undefined;
  for (const lock of held) {
    const read = readReleaseLock(lock.name ?? '');
    if (read === undefined || read.bootId === bootId) continue;
    if (newest === undefined || compareReleases(read.release, newest) > 0) newest = read.release;
    if (isHolders(lock)) release = read.release;
  }
  return { newest, isHolder, holder: active === undefined || isHolder ? undefined : { release } };
}
