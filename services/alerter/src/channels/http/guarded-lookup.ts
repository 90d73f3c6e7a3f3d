import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';

/** The addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** The system's own: /etc/hosts, then DNS. */
export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/** An address that nothing may be sent to. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** The name has no address. */
export class UnresolvedNameError extends Error {
  override readonly name = 'UnresolvedNameError';
}

/**
 * A lookup for sockets that lets nothing through but permitted addresses. The connection goes to the very addresses that were judged: no
 * second question to DNS lies in between, whose answer could be another one. One forbidden address among several forbids all of them.
 */
export function guardedLookup(policy: AddressPolicy, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (found) => {
        const first = found[0];
        const fault = found.map(({ address }) => faultOf(policy, host, address)).find((error) => error !== null);
        if (first === undefined) callback(new UnresolvedNameError(`${host} has no address`), '');
        else if (fault !== undefined) callback(fault, '');
        else if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(new UnresolvedNameError(`${host}: ${error.message}`), ''),
    );
  };
}

/** What is wrong with a host that is an address already, for which nothing is looked up. `[::1]` as in a URL is understood. */
export function literalFault(policy: AddressPolicy, urlHost: string): ForbiddenAddressError | null {
  const host = urlHost.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : faultOf(policy, host, host);
}

function faultOf(policy: AddressPolicy, host: string, address: string): ForbiddenAddressError | null {
  const kind = policy(address);
  if (kind === null) return null;
  return new ForbiddenAddressError(host === address ? `${address} (${kind})` : `${host} is ${address} (${kind})`);
}
