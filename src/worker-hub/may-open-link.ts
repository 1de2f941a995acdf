import { canonicalAddress, isLoopbackHost, type SourceAddress } from '../protocol/wire/address.ts';

/**
 * Whether a link may connect to an address without asking: to the very server that served the page, and from a page on
 * this machine to this machine. Anybody can write a link, so everything else is for the person to confirm.
 */
export function mayOpenLink(address: SourceAddress, pageOrigin: string): boolean {
  const page = canonicalAddress(pageOrigin);
  if (!page.ok) return false;
  const { host, port, secure } = page.value;
  if (isLoopbackHost(host) && isLoopbackHost(address.host)) return true;
  return host === address.host && port === address.port && secure === address.secure;
}
