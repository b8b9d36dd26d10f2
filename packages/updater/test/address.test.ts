import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyAddress, type AddressKind } from '../src/address.js';

describe('classifyAddress', () => {
  it.each<[string, AddressKind | undefined]>([
    ['1.1.1.1', 'public'],
    ['9.255.255.255', 'public'], ['10.0.0.0', 'private'], ['10.255.255.255', 'private'], ['11.0.0.0', 'public'],
    ['100.63.255.255', 'public'], ['100.64.0.0', 'shared'], ['100.127.255.255', 'shared'], ['100.128.0.0', 'public'],
    ['126.255.255.255', 'public'], ['127.0.0.0', 'loopback'], ['128.0.0.0', 'public'],
    ['169.253.255.255', 'public'], ['169.254.0.0', 'link-local'], ['169.255.0.0', 'public'],
    ['172.15.255.255', 'public'], ['172.16.0.0', 'private'], ['172.31.255.255', 'private'], ['172.32.0.0', 'public'],
    ['192.0.0.1', 'reserved'], ['192.0.1.0', 'public'], ['192.0.2.1', 'documentation'],
    ['192.167.255.255', 'public'], ['192.168.0.0', 'private'], ['192.169.0.0', 'public'],
    ['198.17.255.255', 'public'], ['198.18.0.0', 'reserved'], ['198.19.255.255', 'reserved'], ['198.20.0.0', 'public'],
    ['223.255.255.255', 'public'], ['224.0.0.0', 'multicast'], ['239.255.255.255', 'multicast'], ['240.0.0.0', 'reserved'],
    ['0.0.0.0', 'unspecified'], ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'], ['::1', 'loopback'], ['[::1]', 'loopback'], ['0:0:0:0:0:0:0:1', 'loopback'], ['::2', 'reserved'],
    ['::ffff:1.1.1.1', 'ipv4-mapped'], ['::ffff:101:101', 'ipv4-mapped'], ['::1.1.1.1', 'reserved'],
    ['64:ff9b::1.1.1.1', 'public'], ['64:ff9b::10.0.0.1', 'translated'], ['64:ff9b:1::1.1.1.1', 'reserved'],
    ['2001::1', 'reserved'], ['2001:1ff::1', 'reserved'], ['2001:200::1', 'public'], ['2001:db8::1', 'documentation'],
    ['2002:101:101::', 'translated'], ['2408:8000::1', 'public'], ['3fff::1', 'documentation'], ['3fff:1000::1', 'public'],
    ['fbff::1', 'reserved'], ['fc00::1', 'unique-local'], ['fdff::1', 'unique-local'], ['fe80::1%eth0', 'link-local'], ['febf::1', 'link-local'],
    ['fec0::1', 'private'], ['ff02::1', 'multicast'], ['4000::1', 'reserved'],
    ['', undefined], ['1.1.1', undefined], ['1.1.1.256', undefined], ['01.1.1.1', undefined], ['1.1.1.1.', undefined], ['0x1.1.1.1', undefined],
    ['example.cn', undefined], [':', undefined], [':::', undefined], ['1::2::3', undefined], ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined], ['12345::', undefined], ['1.1.1.1::', undefined], ['::g', undefined], ['1:2:3:4:5:6:7::8', undefined],
  ])('%s is %s', (text, kind) => expect(classifyAddress(text)).toBe(kind));

  it('reads every IPv6 address alike, short or long', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
      const short = new URL(`http://[${long}]/`).hostname;
      expect(classifyAddress(long)).toBeDefined();
      expect(classifyAddress(short)).toBe(classifyAddress(long));
    }));
  });
});
