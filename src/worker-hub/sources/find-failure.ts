import type { SourceReason } from '../../protocol/tab/source-model.ts';
import { canonicalAddress, type SourceAddress } from '../../protocol/wire/address.ts';
import { neededPermission, networkPlace } from './network-place.ts';
import {
  localNetworkDenied,
  localNetworkPrompt,
  mixedContent,
  nothingAnswers,
  offline,
  refusesThisPage,
} from './reasons.ts';

/** What a browser can be asked about a connection that failed. None of it opens a socket. */
export interface FailureProbes {
  /** Origin of the page, e.g. `http://localhost:7400`. */
  readonly pageOrigin: string;
  isOnline(): boolean;
  /** `granted`, `denied` or `prompt`; undefined where the browser does not know this permission. */
  permission(name: string): Promise<string | undefined>;
  /** Whether anything answers a plain request to this address, whatever the answer. Must not be served from a cache. */
  answers(url: string): Promise<boolean>;
}

/** What the permission was called before this machine and its network were told apart. */
const UNDIVIDED_PERMISSION = 'local-network-access';

/** Why a connection failed. `isFinal`: trying again by itself would fail alike. */
export interface FoundFailure {
  readonly reason: SourceReason;
  readonly isFinal: boolean;
}

/**
 * Finds out why a socket to this address did not open, as far as a browser can know: it is told nothing by the socket
 * itself. Never rejects, as long as the probes do not.
 */
export async function findFailure(address: SourceAddress, probes: FailureProbes): Promise<FoundFailure> {
  const place = placeName(address);
  const page = pagePlace(probes.pageOrigin);
  const to = networkPlace(address.host);
  if (page.isSecure && !address.secure && to === 'public') return final(mixedContent(place));
  const needed = neededPermission(page.place, to);
  if (needed !== undefined) {
    const state = (await probes.permission(needed)) ?? (await probes.permission(UNDIVIDED_PERMISSION));
    if (state === 'denied') return final(localNetworkDenied(place));
    if (state === 'prompt') return final(localNetworkPrompt(place));
  }
  if (!probes.isOnline() && to !== 'loopback') return passing(offline(place));
  const origin = `${address.secure ? 'https' : 'http'}://${address.host}:${address.port}`;
  if (await probes.answers(`${origin}/api/health/live`)) return passing(refusesThisPage(place, probes.pageOrigin));
  return passing(page.isSecure && !address.secure ? mixedContent(place) : nothingAnswers(place));
}

/** How a source is called in sentences: `host:port`. */
export function placeName(address: SourceAddress): string {
  return `${address.host}:${address.port}`;
}

function pagePlace(pageOrigin: string): { place: ReturnType<typeof networkPlace>; isSecure: boolean } {
  const page = canonicalAddress(pageOrigin);
  // An origin that is no address (a file, an opaque one) is treated as the strictest: public and not secure.
  return page.ok
    ? { place: networkPlace(page.value.host), isSecure: page.value.secure }
    : { place: 'public', isSecure: false };
}

function final(reason: SourceReason): FoundFailure {
  return { reason, isFinal: true };
}

function passing(reason: SourceReason): FoundFailure {
  return { reason, isFinal: false };
}
