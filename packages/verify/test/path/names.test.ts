import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integer, parseCertificate, sequence, utf8String, type Certificate } from '@hefu/pki';
import { createSpending } from '../../src/path/budget.js';
import { decodeNameConstraints } from '../../src/path/name-constraints.js';
import { checkNames, constrainedNames, indexConstraints } from '../../src/path/names.js';
import { ascii, directory, dn, dns, extension, ip, issueCertificate, mail, nameConstraints, newKey, registered, subjectAltName, uri } from './issue.js';
import { explicit, implicitConstructed, implicitPrimitive, oid, printableString } from '@hefu/pki';

/** RFC 5280 §4.2.1.10, form by form: `permitted` and `excluded` say the same of one constraint in both roles. */

const key = newKey('p256');

function certificateOf(subject: Uint8Array, names: readonly Uint8Array[]): Certificate {
  return issueCertificate({ subject, key, kind: 'bare', extensions: names.length === 0 ? [] : [subjectAltName(...names)] });
}

function constraintsOf(parts: Parameters<typeof nameConstraints>[0]) {
  const holder = issueCertificate({ subject: dn('O=CA'), key, kind: 'bare', extensions: [nameConstraints(parts)] });
  return decodeNameConstraints(holder.extension('2.5.29.30')!.value);
}

function verdict(parts: Parameters<typeof nameConstraints>[0], names: readonly Uint8Array[], subject = dn('')): boolean {
  const constraints = constraintsOf(parts);
  if (constraints === undefined) throw new Error('constraints do not decode');
  return checkNames(constrainedNames(certificateOf(subject, names)), indexConstraints(constraints), createSpending(), 1000) === undefined;
}

/** Inside the subtree, outside it, or not comparable with it. */
function relation(base: Uint8Array, name: Uint8Array): 'inside' | 'outside' | 'refused' {
  const permitted = verdict({ permitted: [base] }, [name]);
  const excluded = verdict({ excluded: [base] }, [name]);
  if (permitted && excluded) throw new Error('the constraint does not concern the name');
  return permitted ? 'inside' : excluded ? 'outside' : 'refused';
}

describe('dNSName', () => {
  it.each([
    ['example.com', 'example.com', 'inside'],
    ['example.com', 'www.Example.COM', 'inside'],
    ['example.com', 'a.b.example.com', 'inside'],
    ['example.com', 'example.com.cn', 'outside'],
    ['example.com', 'badexample.com', 'outside'],
    ['example.com', 'com', 'outside'],
    ['', 'anything.example', 'inside'],
    ['example.com', '*.example.com', 'inside'],
    ['com', '*.example.com', 'inside'],
    ['www.example.com', '*.example.com', 'refused'], // not all permitted, one excluded
    ['a.www.example.com', '*.example.com', 'outside'], // a wildcard is one label
    ['example.com', 'example.com.', 'refused'],
    ['example.com', 'exa mple.com', 'refused'],
    ['example.com', '-', 'refused'],
    ['example.com', '', 'refused'],
    ['example.com', 'ex*mple.com', 'refused'],
    ['example.com', 'a_b.example.com', 'inside'],
  ])('%s against %s: %s', (base, name, expected) => {
    expect(relation(dns(base), dns(name))).toBe(expected);
  });
});

describe('rfc822Name', () => {
  it.each([
    ['user@example.com', 'user@example.com', 'inside'],
    ['user@example.com', 'user@EXAMPLE.com', 'inside'],
    ['user@example.com', 'User@example.com', 'outside'],
    ['example.com', 'user@example.com', 'inside'],
    ['example.com', 'user@mail.example.com', 'outside'],
    ['.example.com', 'user@mail.example.com', 'inside'],
    ['.example.com', 'user@example.com', 'outside'],
    ['example.com', 'example.com', 'refused'],
    ['example.com', 'a@b@example.com', 'refused'],
    ['example.com', '"a@b"@example.com', 'refused'],
    ['example.com', 'user@[192.0.2.1]', 'refused'],
  ])('%s against %s: %s', (base, name, expected) => {
    expect(relation(mail(base), mail(name))).toBe(expected);
  });

  it('reaches emailAddress in the subject and SmtpUTF8Mailbox', () => {
    const permitted = { permitted: [mail('example.com')] };
    expect(verdict(permitted, [], dn('O=X,E=user@example.com'))).toBe(true);
    expect(verdict(permitted, [], dn('O=X,E=user@other.com'))).toBe(false);
    const utf8 = implicitConstructed(0, oid('1.3.6.1.5.5.7.8.9'), explicit(0, utf8String('用户@example.com')));
    expect(verdict(permitted, [utf8])).toBe(false);
    expect(verdict({ permitted: [dns('example.com')] }, [utf8])).toBe(true);
  });
});

describe('uniformResourceIdentifier', () => {
  it.each([
    ['host.example.com', 'http://host.example.com/x', 'inside'],
    ['host.example.com', 'https://user:pw@HOST.example.com:8443/x?y#z', 'inside'],
    ['host.example.com', 'http://a.host.example.com/', 'outside'],
    ['.example.com', 'http://host.example.com', 'inside'],
    ['.example.com', 'http://example.com/', 'outside'],
    ['.example.com', 'http://evil.test/@host.example.com', 'outside'],
    ['.example.com', 'http://host.example.com@evil.test/', 'outside'],
    ['.example.com', 'http://192.0.2.1/', 'refused'],
    ['.example.com', 'http://[2001:db8::1]/', 'refused'],
    ['.example.com', 'urn:oid:1.2.3', 'refused'],
    ['.example.com', 'http:///x', 'refused'],
    ['.example.com', 'http://evil.test\\@host.example.com/', 'refused'],
  ])('%s against %s: %s', (base, name, expected) => {
    expect(relation(uri(base), uri(name))).toBe(expected);
  });
});

describe('iPAddress', () => {
  it.each([
    [[192, 0, 2, 0, 255, 255, 255, 0], [192, 0, 2, 7], 'inside'],
    [[192, 0, 2, 0, 255, 255, 255, 0], [192, 0, 3, 7], 'outside'],
    [[192, 0, 2, 9, 255, 255, 255, 0], [192, 0, 2, 7], 'inside'], // host bits of the base do not count
    [[0, 0, 0, 0, 0, 0, 0, 0], [8, 8, 8, 8], 'inside'],
    [[10, 0, 0, 0, 255, 0, 0, 0], [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'outside'], // the other family
    [[10, 0, 0, 0, 255, 0, 0, 0], [10, 0, 0], 'refused'],
  ] as const)('%s against %s: %s', (base, name, expected) => {
    expect(relation(ip(...base), ip(...name))).toBe(expected);
  });
  it('has contiguous masks of the right length', () => {
    expect(constraintsOf({ permitted: [ip(10, 0, 0, 0, 255, 128, 0, 0)] })).toBeDefined();
    expect(constraintsOf({ permitted: [ip(10, 0, 0, 0, 255, 0, 255, 0)] })).toBeUndefined();
    expect(constraintsOf({ permitted: [ip(10, 0, 0, 0)] })).toBeUndefined();
  });
});

describe('directoryName', () => {
  it.each([
    ['C=CN,O=CA', 'C=CN,O=CA,CN=x', true],
    ['C=CN,O=CA', 'C=CN,O=CA', true],
    ['C=CN,O=CA', 'C=CN,O=ca ,CN=x', true],
    ['C=CN,O=CA', 'C=CN', false],
    ['C=CN,O=CA', 'O=CA,C=CN,CN=x', false],
    ['C=CN,O=CA', 'C=CN,O=CA2,CN=x', false],
    ['', 'C=CN', true],
  ])('%s against %s: %s', (base, name, inside) => {
    expect(verdict({ permitted: [directory(dn(base))] }, [], dn(name))).toBe(inside);
    expect(verdict({ excluded: [directory(dn(base))] }, [], dn(name))).toBe(!inside);
    expect(verdict({ permitted: [directory(dn(base))] }, [directory(dn(name))])).toBe(inside);
  });
  it('compares across string types', () => {
    expect(verdict({ permitted: [directory(dn('C=CN,O=Some CA', printableString))] }, [], dn('C=CN,O=Some CA,CN=x'))).toBe(true);
  });
  it('does not bind a certificate without a subject', () => {
    expect(verdict({ permitted: [directory(dn('C=CN'))] }, [dns('a.example')])).toBe(true);
  });
});

describe('all forms', () => {
  it('do not concern one another', () => {
    expect(verdict({ permitted: [dns('example.com')], excluded: [mail('example.com')] }, [ip(192, 0, 2, 1), uri('http://x.test/')], dn('O=X'))).toBe(true);
  });
  it('need one permitted subtree and no excluded one', () => {
    const both = { permitted: [dns('a.example'), dns('b.example')], excluded: [dns('x.b.example')] };
    expect(verdict(both, [dns('www.a.example'), dns('b.example')])).toBe(true);
    expect(verdict(both, [dns('www.a.example'), dns('x.b.example')])).toBe(false);
    expect(verdict(both, [dns('www.a.example'), dns('c.example')])).toBe(false);
  });
  it('that are not understood are refused where they meet a name', () => {
    const id = registered('1.2.3');
    expect(verdict({ permitted: [id] }, [id])).toBe(false);
    expect(verdict({ excluded: [id] }, [id])).toBe(false);
    expect(verdict({ excluded: [id] }, [dns('a.example')])).toBe(true);
  });
  it('are refused with minimum, maximum, an empty list or a leading period', () => {
    const value = (inner: Uint8Array) => sequence(implicitConstructed(0, inner));
    expect(decodeNameConstraints(value(sequence(dns('a.example'))))).toBeDefined();
    expect(decodeNameConstraints(value(sequence(dns('a.example'), implicitPrimitive(0, Uint8Array.of(1)))))).toBeUndefined();
    expect(decodeNameConstraints(value(sequence(dns('a.example'), implicitPrimitive(1, Uint8Array.of(1)))))).toBeUndefined();
    expect(decodeNameConstraints(sequence(implicitConstructed(0)))).toBeUndefined();
    expect(decodeNameConstraints(sequence())).toBeUndefined();
    expect(decodeNameConstraints(value(sequence(dns('.a.example'))))).toBeUndefined();
    expect(() => decodeNameConstraints(integer(1))).toThrow();
  });
  it('never throw anything but PkiError, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        try {
          decodeNameConstraints(octets);
        } catch (error) {
          expect((error as Error).name).toBe('PkiError');
        }
      }),
    );
  });
  it('a host is inside its own suffixes and nothing else', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 2, maxLength: 5 }), fc.nat(), label, (labels, at, other) => {
        const base = labels.slice(at % labels.length).join('.');
        expect(relation(dns(base), dns(labels.join('.')))).toBe('inside');
        // No label of these has a hyphen.
        expect(relation(dns(`${other}-0.${base}`), dns(labels.join('.')))).toBe('outside');
      }),
      { numRuns: 30 },
    );
  });
});

it('the test certificates parse from their octets', () => {
  const certificate = certificateOf(dn('O=X'), [dns('a.example')]);
  expect(parseCertificate(certificate.bytes).extSubjectAltName).toEqual([{ kind: 'dNSName', value: 'a.example' }]);
  expect(extension('1.2.3', ascii('x'))[0]).toBe(0x30);
});
