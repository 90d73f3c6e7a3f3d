import { BlockList, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import { addressBytes, holds, parseNetwork } from '../../src/channels/http/ip-address.ts';

const policy = createAddressPolicy([]);

describe('the address policy', () => {
  it.each([
    ...[
      '8.8.8.8',
      '1.1.1.1',
      '100.63.255.255',
      '100.128.0.0',
      '172.15.255.255',
      '172.32.0.1',
      '192.167.255.255',
      '11.0.0.1',
    ],
    ...[
      '2606:4700::1111',
      '2a00:1450:4001:81b::200e',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
      '2002:808:808::1',
      '223.255.255.255',
    ],
  ])('lets %s through', (address) => {
    expect(policy(address)).toBeNull();
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['64:ff9b:1::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['not an address', 'no address'],
    ['', 'no address'],
    ['localhost', 'no address'],
  ])('refuses %s as %s', (address, kind) => {
    expect(policy(address)).toBe(kind);
  });

  it.each([
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::FFFF:A00:1', 'private'],
    ['0:0:0:0:0:ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:0:127.0.0.1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::169.254.169.254', 'metadata'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:a9fe:a9fe::1', 'metadata'],
  ])('sees the IPv4 address inside of %s', (address, kind) => {
    expect(policy(address)).toBe(kind);
  });

  it('lets allowed networks through, in every disguise, and nothing beside them', () => {
    const allowing = createAddressPolicy(['10.1.0.0/16', '::1', 'fd00::/8']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', '2002:a01:203::', '::1', 'fdff::1'].map(allowing)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(['10.2.0.1', '127.0.0.1', 'fc00::1'].map(allowing)).toEqual(['private', 'loopback', 'private']);
  });

  it('lets a metadata service through only where its own address is named', () => {
    expect(createAddressPolicy(['169.254.0.0/16', 'fd00::/8'])('169.254.169.254')).toBe('metadata');
    expect(createAddressPolicy(['169.254.0.0/16', 'fd00::/8'])('fd00:ec2::254')).toBe('metadata');
    expect(createAddressPolicy(['169.254.169.254'])('169.254.169.254')).toBeNull();
    expect(createAddressPolicy(['169.254.169.254/32'])('::ffff:169.254.169.254')).toBeNull();
  });

  it('refuses to be made of what is no network', () => {
    for (const text of ['10.0.0.0/33', '10.0.0.1/8', 'localhost', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1'])
      expect(() => createAddressPolicy([text]), text).toThrow(RangeError);
  });
});

describe('addresses', () => {
  it('are read as the system reads them, in any spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        fc.pre(isIPv6(text));
        const bytes = addressBytes(text);
        const groups = Array.from({ length: 8 }, (_, i) =>
          (((bytes?.[2 * i] ?? 0) << 8) | (bytes?.[2 * i + 1] ?? 0)).toString(16),
        );
        const list = new BlockList();
        list.addAddress(groups.join(':'), 'ipv6');
        expect(bytes).toHaveLength(16);
        expect(list.check(text, 'ipv6')).toBe(true);
      }),
    );
  });

  it('belong to a network exactly when the system says so', () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 0, max: 31 }),
        (base, bits, flipped) => {
          const bytes = [...(addressBytes(base) ?? [])];
          const prefix = bytes.map((byte, i) => byte & ((0xff << (8 - Math.min(8, Math.max(0, bits - i * 8)))) & 0xff));
          const neighbour = bytes.map((byte, i) => (i === flipped >> 3 ? byte ^ (0x80 >> (flipped & 7)) : byte));
          const list = new BlockList();
          list.addSubnet(prefix.join('.'), bits, 'ipv4');
          const network = parseNetwork(`${prefix.join('.')}/${bits}`);
          if (network === null) throw new Error('no network');
          for (const address of [bytes, neighbour])
            expect(holds(network, Uint8Array.from(address))).toBe(list.check(address.join('.'), 'ipv4'));
        },
      ),
    );
  });
});
