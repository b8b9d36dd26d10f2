import { describe, expect, it } from 'vitest';
import { explicit, implicitConstructed, oid, utf8String } from '@hefu/pki';
import { namesPeer, type PeerName } from '../../src/index.js';
import { directory, dn, dns, ip, issueCertificate, mail, newKey, subjectAltName, uri } from './issue.js';

const key = newKey('p256');

function names(peer: PeerName, presented: readonly Uint8Array[], subject = dn('CN=www.example.com,E=a@example.com')): boolean {
  return namesPeer(issueCertificate({ subject, key, kind: 'bare', extensions: presented.length === 0 ? [] : [subjectAltName(...presented)] }), peer);
}

describe('a host (RFC 9525 §6.3)', () => {
  it.each([
    ['www.example.com', 'www.example.com', true],
    ['WWW.Example.com', 'www.EXAMPLE.com', true],
    ['www.example.com', 'www.example.com.', true], // the root's dot of a reference
    ['www.example.com', 'example.com', false],
    ['example.com', 'www.example.com', false],
    ['*.example.com', 'www.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', '*.example.com', false],
    ['w*.example.com', 'www.example.com', false],
    ['*w.example.com', 'www.example.com', false],
    ['www.*.com', 'www.example.com', false],
    ['*.*.com', 'www.example.com', false],
    ['*', 'com', false],
    ['*', 'example.com', false],
    ['*.com', 'example.com', false], // over a top-level domain
    ['xn--bcher-kva.example', 'bücher.example', true],
    ['xn--bcher-kva.example', 'xn--BCHER-kva.example', true],
    ['bücher.example', 'bücher.example', false], // U-labels are not dNSName
    ['*.example', 'bücher.example', false],
    ['192.0.2.1', '192.0.2.1', false], // an address is no host
    ['www.example.com\0.evil.test', 'www.example.com', false],
    ['', '', false],
    ['.example.com', '.example.com', false],
    ['foo_bar.example.com', 'foo_bar.example.com', true],
  ])('%s presented for %s: %s', (presented, value, expected) => {
    expect(names({ kind: 'dns', value }, [dns(presented)])).toBe(expected);
  });

  it('is never read from the common name', () => {
    expect(names({ kind: 'dns', value: 'www.example.com' }, [])).toBe(false);
    expect(names({ kind: 'dns', value: 'www.example.com' }, [mail('a@example.com')])).toBe(false);
  });
  it('may be any of several', () => {
    expect(names({ kind: 'dns', value: 'b.example' }, [dns('a.example'), dns('b.example')])).toBe(true);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.1', [192, 0, 2, 1], true],
    ['192.0.2.2', [192, 0, 2, 1], false],
    ['192.0.2.01', [192, 0, 2, 1], false],
    ['0xc0000201', [192, 0, 2, 1], false],
    ['192.0.2.1', [192, 0, 2, 1, 255, 255, 255, 255], false],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true],
    ['2001:DB8::1', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1], true],
    ['192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1], false],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8], true],
    ['1::2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8], false],
    ['1:2:3:4:5:6:7', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0], false],
    ['fe80::1%eth0', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], false],
  ])('%s presented as %j: %s', (value, octets, expected) => {
    expect(names({ kind: 'ip', value }, [ip(...octets)])).toBe(expected);
  });
  it('is compared as octets too, and not with a dNSName', () => {
    expect(names({ kind: 'ip', value: Uint8Array.of(192, 0, 2, 1) }, [ip(192, 0, 2, 1)])).toBe(true);
    expect(names({ kind: 'ip', value: Uint8Array.of(192, 0, 2) }, [ip(192, 0, 2)])).toBe(false);
    expect(names({ kind: 'ip', value: '192.0.2.1' }, [dns('192.0.2.1')])).toBe(false);
  });
});

describe('a mailbox (RFC 5280 §7.5)', () => {
  it.each([
    ['a@example.com', 'a@EXAMPLE.com', true],
    ['a@example.com', 'A@example.com', false],
    ['a@example.com', 'a@mail.example.com', false],
    ['example.com', 'a@example.com', false],
    ['a@b@example.com', 'a@b@example.com', false],
    ['a@xn--bcher-kva.example', 'a@bücher.example', true],
  ])('%s presented for %s: %s', (presented, value, expected) => {
    expect(names({ kind: 'email', value }, [mail(presented)])).toBe(expected);
  });
  it('beyond ASCII stands in SmtpUTF8Mailbox (RFC 9598)', () => {
    const smtp = (text: string): Uint8Array => implicitConstructed(0, oid('1.3.6.1.5.5.7.8.9'), explicit(0, utf8String(text)));
    expect(names({ kind: 'email', value: '老师@xn--bcher-kva.example' }, [smtp('老师@bücher.example')])).toBe(true);
    expect(names({ kind: 'email', value: '老師@bücher.example' }, [smtp('老师@bücher.example')])).toBe(false);
  });
  it('is never read from the subject', () => {
    expect(names({ kind: 'email', value: 'a@example.com' }, [])).toBe(false);
  });
});

describe('a URI (RFC 5280 §7.4) and a directory name (§7.1)', () => {
  it.each([
    ['http://WWW.example.com/A', 'HTTP://www.example.com/A', true],
    ['http://www.example.com/A', 'http://www.example.com/a', false],
    ['urn:uuid:1', 'urn:uuid:1', true],
    ['urn:uuid:1', 'urn:uuid:2', false],
    ['spiffe://trust.example/x', 'spiffe://trust.example/y', false],
  ])('%s presented for %s: %s', (presented, value, expected) => {
    expect(names({ kind: 'uri', value }, [uri(presented)])).toBe(expected);
  });
  it('directory names are looked for in subject and subjectAltName', () => {
    const peer: PeerName = { kind: 'directory', value: dn('C=CN,O=Bidder') };
    expect(names(peer, [], dn('C=cn,O= bidder '))).toBe(true);
    expect(names(peer, [directory(dn('C=CN,O=Bidder'))])).toBe(true);
    expect(names(peer, [directory(dn('C=CN,O=Other'))])).toBe(false);
    expect(names({ kind: 'directory', value: dn('') }, [], dn(''))).toBe(false);
    expect(names({ kind: 'directory', value: Uint8Array.of(1, 2, 3) }, [])).toBe(false);
  });
});
