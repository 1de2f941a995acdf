import { isLoopbackHost } from '../../protocol/wire/address.ts';

/** How near a host is, as browsers divide the network for their permissions. */
export type NetworkPlace = 'loopback' | 'local' | 'public';

const LOCAL_IPV4 = /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$/;
const LOCAL_IPV6 = /^\[(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;
const LOOPBACK_IPV4 = /^127\.[\d.]+$/;
const LOCAL_NAME = /\.local$/;

/** Where a host is, as far as its name or number tells; lower case, an IPv6 address in brackets. */
export function networkPlace(host: string): NetworkPlace {
  if (isLoopbackHost(host) || LOOPBACK_IPV4.test(host) || host.endsWith('.localhost')) return 'loopback';
  if (LOCAL_IPV4.test(host) || LOCAL_IPV6.test(host) || LOCAL_NAME.test(host)) return 'local';
  return 'public';
}

const NEARNESS: Readonly<Record<NetworkPlace, number>> = { public: 0, local: 1, loopback: 2 };

/**
 * The permission that a page at one place needs before it may reach another one; undefined where it needs none. See
 * https://wicg.github.io/local-network-access/
 */
export function neededPermission(from: NetworkPlace, to: NetworkPlace): string | undefined {
  if (NEARNESS[to] <= NEARNESS[from]) return undefined;
  return to === 'loopback' ? 'loopback-network' : 'local-network';
}
