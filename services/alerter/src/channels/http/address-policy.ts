import { addressBytes, holds, type Network, parseNetwork } from './ip-address.ts';

/** Networks that nothing is sent to unless they are allowed, by what they are for. IANA's special-purpose registries (RFC 6890, as of 2025). */
const special: Readonly<Record<string, readonly string[]>> = {
  metadata: ['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'],
  loopback: ['127.0.0.0/8', '::1'],
  unspecified: ['0.0.0.0/8', '::'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  reserved: [
    ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
    ...['240.0.0.0/4', '2001::/23', '2001:db8::/32', '3fff::/20'],
  ],
};

const must = (text: string): Network => {
  const network = parseNetwork(text);
  if (network === null) throw new Error(`${text} is no network`);
  return network;
};

const specialNetworks = Object.entries(special).map(([name, texts]) => ({ name, networks: texts.map(must) }));
const globalUnicast = must('2000::/3');
/** `::` and `::1`, which hold no IPv4 address although they look like it. */
const ownOfIpv6 = must('::/127');

/** IPv6 addresses that an IPv4 address is inside of, and where its four bytes begin. */
const embeddings = [
  { network: must('::ffff:0:0/96'), at: 12 },
  { network: must('::ffff:0:0:0/96'), at: 12 },
  { network: must('64:ff9b::/96'), at: 12 },
  { network: must('2002::/16'), at: 2 },
  { network: must('::/96'), at: 12 },
];

/** The address itself and the IPv4 address inside of it, if there is one. */
function disguises(bytes: Uint8Array): Uint8Array[] {
  const found = holds(ownOfIpv6, bytes) ? undefined : embeddings.find(({ network }) => holds(network, bytes));
  return found === undefined ? [bytes] : [bytes, bytes.slice(found.at, found.at + 4)];
}

/** Says why nothing may be sent to an address, e.g. `loopback`; null: it may. */
export type AddressPolicy = (address: string) => string | null;

/**
 * Public addresses, and those of the networks given. What is inside an IPv6 address (IPv4-mapped, NAT64, 6to4) is judged like the address itself.
 * An address of a cloud's metadata service is only allowed by name, never by a network around it.
 *
 * @param allowed networks or addresses; what is none of them: `RangeError`
 */
export function createAddressPolicy(allowed: readonly string[]): AddressPolicy {
  const networks = allowed.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw new RangeError(`${text} is no network`);
    return network;
  });
  const isAllowed = (bytes: Uint8Array, isExact: boolean) =>
    networks.some((network) => holds(network, bytes) && (!isExact || network.bits === bytes.length * 8));

  return (address) => {
    const bytes = addressBytes(address);
    if (bytes === null) return 'no address';
    const forms = disguises(bytes);
    const inner = forms.at(-1) ?? bytes;
    const kind = kindOf(inner);
    if (kind === null) return null;
    return forms.some((form) => isAllowed(form, kind === 'metadata')) ? null : kind;
  };
}

function kindOf(bytes: Uint8Array): string | null {
  const found = specialNetworks.find(({ networks }) => networks.some((network) => holds(network, bytes)));
  if (found !== undefined) return found.name;
  return bytes.length === 4 || holds(globalUnicast, bytes) ? null : 'reserved';
}
