import { describe, expect, it } from 'vitest';
import { boolean, explicit, ia5String, integer, nullValue, octetString, oid, printableString, sequence } from '@hefu/pki';
import type { ReasonCode } from '../../src/codes.js';
import type { PathOutcome } from '../../src/path/model.js';
import { REGIONAL_CA } from '../../src/path/profile.js';
import {
  ALGORITHMS, anchorOf, AT, basicConstraints, build, dn, dns, extension, generalizedTime, issueCertificate, keyUsage, nameConstraints, newCa, newKey,
  newLeaf, NOT_AFTER, NOT_BEFORE, subjectAltName, subjectKeyId, authorityKeyId,
  type IssueOptions,
} from './issue.js';

/** Each rule with a certificate that keeps it and its neighbour that does not, in the leaf, an intermediate or the anchor. */

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const leaf = newLeaf(ca);
const anchors = [anchorOf(root.certificate)];

function codeOf(outcome: PathOutcome): ReasonCode | 'VALID' {
  if (outcome.accepted !== undefined) {
    expect(outcome.failure).toBeUndefined();
    return 'VALID';
  }
  expect(outcome.paths).toEqual([]);
  return outcome.failure!.code;
}

const withLeaf = async (options: Partial<IssueOptions>, at = AT) => codeOf(await build(newLeaf(ca, options), [ca.certificate], anchors, { at }));
const withCa = async (options: Parameters<typeof newCa>[2]) => {
  const own = newCa('C=CN,O=CA', root, options);
  return codeOf(await build(newLeaf(own), [own.certificate], anchors));
};
const withRoot = async (options: Parameters<typeof newCa>[2], enforceAnchorValidity = false) => {
  const own = newCa('C=CN,O=Root', undefined, options);
  return codeOf(await build(newLeaf(own), [], [anchorOf(own.certificate)], { enforceAnchorValidity }));
};

describe('a plain chain', () => {
  it('is valid, with the anchor last and the key of each edge', async () => {
    const { accepted, paths } = await build(leaf, [ca.certificate], anchors);
    expect(accepted!.certificates).toEqual([leaf, ca.certificate, root.certificate]);
    expect(accepted!.issuerKeys).toEqual([ca.certificate.spki.key, root.certificate.spki.key, root.certificate.spki.key]);
    expect(accepted!.signatureAlgorithms).toEqual(['ECDSA-SHA-256', 'ECDSA-SHA-256']);
    expect(accepted!.anchor).toBe(anchors[0]);
    expect(paths).toEqual([accepted]);
  });

  it.each(['rsa', 'rsa-pss', 'p256', 'sm2'] as const)('is valid with %s keys throughout', async (kindOfKey) => {
    const top = newCa('O=Root', undefined, { kindOfKey });
    const mid = newCa('O=Mid', top, { kindOfKey });
    const end = newLeaf(mid, { key: newKey(kindOfKey) });
    expect(codeOf(await build(end, [mid.certificate], [anchorOf(top.certificate)]))).toBe('VALID');
  });
});

describe('signature and algorithm (RFC 5280 §6.1.3 (a)(1))', () => {
  it('refuses an altered certificate', async () => {
    const flipped = (tbs: Uint8Array, key: { sign: (message: Uint8Array) => Uint8Array }) => {
      const other = tbs.slice();
      other[other.length - 1]! ^= 1;
      return key.sign(other);
    };
    expect(await withLeaf({ signature: flipped })).toBe('CERTIFICATE_SIGNATURE_INVALID');
    expect(await withCa({ signature: flipped })).toBe('CERTIFICATE_SIGNATURE_INVALID');
    // The anchor is believed for its name and key (§6.1.1 (d)).
    expect(await withRoot({ signature: flipped })).toBe('VALID');
  });

  it('refuses inner and outer identifiers that differ, even only in NULL', async () => {
    const sm2 = oid('1.2.156.10197.1.501');
    const top = newCa('O=SM2 Root', undefined, { kindOfKey: 'sm2' });
    const chain = async (inner: Uint8Array, outer: Uint8Array) =>
      codeOf(await build(newLeaf(top, { innerAlgorithm: inner, outerAlgorithm: outer }), [], [anchorOf(top.certificate)]));
    expect(await chain(sequence(sm2), sequence(sm2))).toBe('VALID');
    expect(await chain(sequence(sm2, nullValue()), sequence(sm2, nullValue()))).toBe('VALID');
    expect(await chain(sequence(sm2), sequence(sm2, nullValue()))).toBe('ALGORITHM_MISMATCH');
  });

  it('obeys the parameter rule of each algorithm', async () => {
    const ecdsa = oid('1.2.840.10045.4.3.2');
    expect(await withLeaf({ innerAlgorithm: sequence(ecdsa) })).toBe('VALID');
    expect(await withLeaf({ innerAlgorithm: sequence(ecdsa, nullValue()) })).toBe('ALGORITHM_MISMATCH'); // RFC 5758 §3.2: absent
    const rsa = newCa('O=RSA Root', undefined, { kindOfKey: 'rsa' });
    const chain = async (innerAlgorithm: Uint8Array) => codeOf(await build(newLeaf(rsa, { innerAlgorithm }), [], [anchorOf(rsa.certificate)]));
    expect(await chain(sequence(oid('1.2.840.113549.1.1.11'), nullValue()))).toBe('VALID');
    expect(await chain(sequence(oid('1.2.840.113549.1.1.11'), octetString(new Uint8Array())))).toBe('ALGORITHM_MISMATCH');
  });

  it('holds a key stated as RSASSA-PSS to its scheme, digest and salt (RFC 4055 §3.3)', async () => {
    const pss = newKey('rsa-pss');
    const keyBits = pss.spki.subarray(pss.spki.length - 275); // BIT STRING of a 2048-bit RSAPublicKey
    expect([...keyBits.subarray(0, 5)]).toEqual([0x03, 0x82, 0x01, 0x0f, 0]);
    const params = (salt: number) => sequence(explicit(0, sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue())), explicit(1, sequence(oid('1.2.840.113549.1.1.8'), sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue()))), explicit(2, integer(salt)));
    const chain = async (stated: readonly Uint8Array[], algorithm = pss.algorithm) => {
      const top = newCa('O=PSS', undefined, { key: pss, spki: sequence(sequence(oid('1.2.840.113549.1.1.10'), ...stated), keyBits) });
      return codeOf(await build(newLeaf(top, { innerAlgorithm: algorithm }), [], [anchorOf(top.certificate)]));
    };
    expect(await chain([])).toBe('VALID');
    expect(await chain([params(32)])).toBe('VALID');
    expect(await chain([params(20)])).toBe('VALID');
    expect(await chain([params(33)])).toBe('ALGORITHM_MISMATCH');
    expect(await chain([nullValue()])).toBe('ALGORITHM_MISMATCH');
    expect(await chain([], sequence(oid('1.2.840.113549.1.1.11'), nullValue()))).toBe('ALGORITHM_MISMATCH');
  });

  it('refuses an algorithm that is not in the list', async () => {
    const narrow = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.filter(({ name }) => name !== 'ECDSA-SHA-256') };
    expect(codeOf(await build(leaf, [ca.certificate], anchors, { algorithms: narrow }))).toBe('ALGORITHM_UNKNOWN');
    expect(await withLeaf({ innerAlgorithm: sequence(oid('1.2.840.10045.4.1')) })).toBe('ALGORITHM_UNKNOWN'); // ecdsa-with-SHA1
  });

  it('refuses weak and monstrous RSA keys before any arithmetic', async () => {
    expect(await withLeaf({ key: newKey('rsa') })).toBe('VALID');
    expect(await withLeaf({ key: newKey('rsa-1024') })).toBe('KEY_TOO_WEAK');
    expect(await withCa({ kindOfKey: 'rsa-1024' })).toBe('KEY_TOO_WEAK');
    const modulus = new Uint8Array(256).fill(0xff);
    const rsaSpki = (n: Uint8Array, e: Uint8Array) => {
      const key = sequence(integer(n), integer(e));
      return sequence(sequence(oid('1.2.840.113549.1.1.1'), nullValue()), Uint8Array.of(0x03, 0x82, (key.length + 1) >> 8, (key.length + 1) & 0xff, 0, ...key));
    };
    expect(await withLeaf({ spki: rsaSpki(modulus, Uint8Array.of(1, 0, 1)) })).toBe('VALID');
    expect(await withLeaf({ spki: rsaSpki(modulus, Uint8Array.of(2, 0, 0, 0, 1)) })).toBe('KEY_INVALID'); // 34 bits
    expect(await withLeaf({ spki: rsaSpki(modulus, Uint8Array.of(1)) })).toBe('KEY_INVALID');
    expect(await withLeaf({ spki: rsaSpki(new Uint8Array(1025).fill(0xff), Uint8Array.of(1, 0, 1)) })).toBe('KEY_INVALID'); // 8200 bits
    const bounds = { ...REGIONAL_CA, rsa: { ...REGIONAL_CA.rsa, minModulusBits: 1024 } };
    expect(codeOf(await build(newLeaf(ca, { key: newKey('rsa-1024') }), [ca.certificate], anchors, { profile: bounds }))).toBe('VALID');
  });

  it('refuses a key that cannot be read', async () => {
    const half = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), Uint8Array.of(3, 3, 0, 4, 1));
    expect(await withLeaf({ spki: half })).toBe('KEY_INVALID');
  });
});

describe('validity (§6.1.3 (a)(2))', () => {
  const notBefore = Date.UTC(2025, 0, 1);
  const notAfter = Date.UTC(2025, 11, 31, 23, 59, 59);
  it.each([
    [notBefore - 1000, 'CERTIFICATE_NOT_YET_VALID'],
    [notBefore - 0.5, 'CERTIFICATE_NOT_YET_VALID'],
    [notBefore, 'VALID'],
    [notAfter, 'VALID'],
    [notAfter + 999, 'VALID'], // the second lasts
    [notAfter + 1000, 'CERTIFICATE_EXPIRED'],
  ])('at %d: %s', async (at, code) => {
    expect(await withLeaf({ notBefore, notAfter }, at)).toBe(code);
  });

  it('takes a fraction in notAfter as its exact end', async () => {
    const options = { notBefore, notAfter: notAfter + 500, writeTime: generalizedTime };
    expect(await withLeaf(options, notAfter + 500)).toBe('VALID');
    expect(await withLeaf(options, notAfter + 501)).toBe('CERTIFICATE_EXPIRED');
  });

  it('holds for intermediates, and for anchors only when asked', async () => {
    expect(await withCa({ notAfter: AT - 1000 })).toBe('CERTIFICATE_EXPIRED');
    expect(await withCa({ notBefore: AT + 1000 })).toBe('CERTIFICATE_NOT_YET_VALID');
    expect(await withRoot({ notAfter: AT - 1000 })).toBe('VALID');
    expect(await withRoot({ notAfter: AT - 1000 }, true)).toBe('CERTIFICATE_EXPIRED');
    expect(await withRoot({}, true)).toBe('VALID');
  });

  it('refuses a period that ends before it begins', async () => {
    expect(await withLeaf({ notBefore: AT, notAfter: AT })).toBe('VALID');
    expect(await withLeaf({ notBefore: AT, notAfter: AT - 1000 })).toBe('VALIDITY_INVERTED');
  });

  it('throws for a time that is none', async () => {
    await expect(build(leaf, [ca.certificate], anchors, { at: Number.NaN })).rejects.toThrow(TypeError);
  });
});

describe('names (§6.1.3 (a)(4), §7.1)', () => {
  it('chains names of other string types, case and spacing, and no others', async () => {
    const written = (subject: Uint8Array) => newCa('', root, { subject });
    const chained = async (issuer: Uint8Array, subject: Uint8Array) => {
      const own = written(subject);
      return codeOf(await build(newLeaf({ ...own, name: issuer }), [own.certificate], anchors));
    };
    expect(await chained(dn('C=CN,O=Some CA'), dn('C=CN,O=Some CA'))).toBe('VALID');
    expect(await chained(dn('C=CN,O=Some CA'), dn('C=CN,O=Some CA', printableString))).toBe('VALID');
    expect(await chained(dn('C=CN,O=some  ca '), dn('C=CN,O=Some CA'))).toBe('VALID');
    expect(await chained(dn('C=CN,O=SomeCA'), dn('C=CN,O=Some CA'))).toBe('PATH_NOT_FOUND');
    expect(await chained(dn('O=Some CA,C=CN'), dn('C=CN,O=Some CA'))).toBe('PATH_NOT_FOUND');
  });

  it('refuses a CA without a name', async () => {
    const nameless = newCa('', root, { subject: sequence() });
    expect(codeOf(await build(newLeaf(nameless), [nameless.certificate], anchors))).toBe('CERTIFICATE_MALFORMED');
  });
});

describe('being a CA (§6.1.4 (k) to (n))', () => {
  it('needs cA TRUE in a version 3 certificate, critical or not', async () => {
    const usage = keyUsage('keyCertSign');
    expect(await withCa({ kind: 'bare', extensions: [basicConstraints(true), usage] })).toBe('VALID');
    expect(await withCa({ kind: 'bare', extensions: [basicConstraints(true, undefined, false), usage] })).toBe('VALID');
    expect(await withCa({ kind: 'bare', extensions: [basicConstraints(false), usage] })).toBe('ISSUER_NOT_CA');
    expect(await withCa({ kind: 'bare', extensions: [usage] })).toBe('ISSUER_NOT_CA');
    expect(await withCa({ kind: 'bare', version: 1 })).toBe('ISSUER_NOT_CA');
    expect(await withCa({ kind: 'leaf' })).toBe('ISSUER_NOT_CA');
  });

  it('asks the same of an anchor that is version 3, and lets version 1 be', async () => {
    expect(await withRoot({ kind: 'bare', version: 1 })).toBe('VALID');
    expect(await withRoot({ kind: 'bare', extensions: [basicConstraints(true)] })).toBe('VALID');
    expect(await withRoot({ kind: 'bare', extensions: [basicConstraints(false)] })).toBe('ISSUER_NOT_CA');
    expect(await withRoot({ kind: 'leaf' })).toBe('ISSUER_NOT_CA');
  });

  it('needs keyCertSign where keyUsage is present', async () => {
    const bc = basicConstraints(true);
    expect(await withCa({ kind: 'bare', extensions: [bc] })).toBe('VALID');
    expect(await withCa({ kind: 'bare', extensions: [bc, keyUsage('keyCertSign')] })).toBe('VALID');
    expect(await withCa({ kind: 'bare', extensions: [bc, keyUsage('cRLSign', 'digitalSignature')] })).toBe('KEY_CERT_SIGN_MISSING');
    expect(await withRoot({ kind: 'bare', extensions: [bc, keyUsage('cRLSign')] })).toBe('KEY_CERT_SIGN_MISSING');
  });

  it('lets a leaf say it is a CA', async () => {
    expect(await withLeaf({ kind: 'ca' })).toBe('VALID');
  });
});

describe('path length (§6.1.4 (l), (m))', () => {
  async function chain(rootLength: number | undefined, firstLength: number | undefined, anchorLength?: number, selfIssued = false): Promise<string> {
    const top = newCa('O=Top', undefined, rootLength === undefined ? {} : { pathLength: rootLength });
    const first = newCa('O=First', top, firstLength === undefined ? {} : { pathLength: firstLength });
    const second = newCa(selfIssued ? 'O=First' : 'O=Second', first);
    const anchor = { ...anchorOf(top.certificate), ...(anchorLength === undefined ? {} : { pathLength: anchorLength }) };
    return codeOf(await build(newLeaf(second), [first.certificate, second.certificate], [anchor]));
  }
  it.each([
    [undefined, undefined, undefined, 'VALID'],
    [2, 1, undefined, 'VALID'],
    [1, 1, undefined, 'PATH_LENGTH_EXCEEDED'],
    [0, undefined, undefined, 'PATH_LENGTH_EXCEEDED'],
    [undefined, 0, undefined, 'PATH_LENGTH_EXCEEDED'],
    [5, 1, undefined, 'VALID'],
    [5, 0, undefined, 'PATH_LENGTH_EXCEEDED'],
    [undefined, 0, 5, 'PATH_LENGTH_EXCEEDED'],
    [5, 5, 1, 'PATH_LENGTH_EXCEEDED'],
    [undefined, undefined, 2, 'VALID'],
    [undefined, undefined, 1, 'PATH_LENGTH_EXCEEDED'],
    [2, undefined, 1, 'PATH_LENGTH_EXCEEDED'],
  ])('root %s, first %s, anchor %s: %s', async (rootLength, firstLength, anchorLength, code) => {
    expect(await chain(rootLength, firstLength, anchorLength)).toBe(code);
  });
  it('does not count self-issued certificates', async () => {
    expect(await chain(1, 0, undefined, true)).toBe('VALID');
    expect(await chain(0, undefined, undefined, true)).toBe('PATH_LENGTH_EXCEEDED');
  });
});

describe('extensions (§4.2, §6.1.4 (o))', () => {
  const PRIVATE = '1.2.156.10260.4.1.4';
  it('ignores an unknown extension unless it is critical', async () => {
    const value = ia5String('x');
    expect(await withLeaf({ extensions: [extension(PRIVATE, value)] })).toBe('VALID');
    expect(await withLeaf({ extensions: [extension(PRIVATE, value, true)] })).toBe('UNKNOWN_CRITICAL_EXTENSION');
    expect(await withCa({ extensions: [extension(PRIVATE, value)] })).toBe('VALID');
    expect(await withCa({ extensions: [extension(PRIVATE, value, true)] })).toBe('UNKNOWN_CRITICAL_EXTENSION');
    expect(await withRoot({ extensions: [extension(PRIVATE, value, true)] })).toBe('UNKNOWN_CRITICAL_EXTENSION');
  });

  it('knows a critical extension once the profile has a row for it', async () => {
    const row = { oid: PRIVATE, name: 'organizationCode', leaf: 'may', ca: 'must-not', criticality: 'any', clause: 'GM/T 0015 §5' } as const;
    const profile = { ...REGIONAL_CA, extensions: [...REGIONAL_CA.extensions, row] };
    const own = newLeaf(ca, { extensions: [extension(PRIVATE, ia5String('x'), true)] });
    expect(codeOf(await build(own, [ca.certificate], anchors, { profile }))).toBe('VALID');
    const other = newCa('O=CA', root, { extensions: [extension(PRIVATE, ia5String('x'))] });
    expect(codeOf(await build(newLeaf(other), [other.certificate], anchors, { profile }))).toBe('CERTIFICATE_DEVIATION_REFUSED');
  });

  it('refuses duplicates', async () => {
    const policies = extension('2.5.29.32', sequence(sequence(oid('1.2.156.1'))));
    expect(await withLeaf({ extensions: [policies] })).toBe('VALID');
    expect(await withLeaf({ extensions: [policies, policies] })).toBe('DUPLICATE_EXTENSION');
    expect(await withCa({ extensions: [extension(PRIVATE, ia5String('x')), extension(PRIVATE, ia5String('x'))] })).toBe('DUPLICATE_EXTENSION');
  });

  it('refuses extensions outside version 3', async () => {
    expect(await withLeaf({ kind: 'bare', version: 1 })).toBe('VALID');
    expect(await withLeaf({ kind: 'leaf', version: 1 })).toBe('CERTIFICATE_VERSION');
    expect(await withLeaf({ kind: 'leaf', version: 2 })).toBe('CERTIFICATE_VERSION');
  });

  it.each([
    ['basicConstraints', '2.5.29.19', sequence(boolean(true), integer(0)), sequence(boolean(true), integer(-1))],
    ['keyUsage', '2.5.29.15', Uint8Array.of(3, 2, 6, 0xc0), Uint8Array.of(3, 2, 9, 0xc0)],
    ['extKeyUsage', '2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2')), sequence()],
    ['subjectAltName', '2.5.29.17', sequence(dns('a.example')), sequence()],
    ['subjectKeyIdentifier', '2.5.29.14', octetString(Uint8Array.of(1)), Uint8Array.of(1, 2, 3)],
    ['authorityKeyIdentifier', '2.5.29.35', sequence(), octetString(new Uint8Array(4))],
    ['cRLDistributionPoints', '2.5.29.31', sequence(sequence()), sequence()],
    ['certificatePolicies', '2.5.29.32', sequence(sequence(oid('1.2.3'))), sequence(sequence())],
    ['authorityInfoAccess', '1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), dns('a'))), sequence(sequence())],
  ])('refuses a malformed %s', async (_name, id, good, bad) => {
    expect(await withLeaf({ kind: 'bare', extensions: [extension(id, good)] })).toBe('VALID');
    expect(await withLeaf({ kind: 'bare', extensions: [extension(id, bad)] })).toBe('CERTIFICATE_MALFORMED');
  });

  it('tolerates what regional CAs do: no key identifiers, critical ones, no EKU', async () => {
    const usage = keyUsage('digitalSignature');
    expect(await withLeaf({ kind: 'bare', extensions: [usage] })).toBe('VALID');
    const id = ca.keyId;
    expect(await withLeaf({ kind: 'bare', extensions: [extension('2.5.29.35', sequence(Uint8Array.of(0x80, id.length, ...id)), true)] })).toBe('VALID');
    expect(await withLeaf({ kind: 'bare', extensions: [extension('2.5.29.14', octetString(id), true)] })).toBe('VALID');
    expect(await withLeaf({ kind: 'bare', extensions: [subjectKeyId(id), authorityKeyId(id)] })).toBe('VALID');
  });

  it('refuses what RFC 5280 forbids and no field note excuses', async () => {
    const access = sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), dns('a')));
    expect(await withLeaf({ extensions: [extension('1.3.6.1.5.5.7.1.1', access)] })).toBe('VALID');
    expect(await withLeaf({ extensions: [extension('1.3.6.1.5.5.7.1.1', access, true)] })).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await withLeaf({ extensions: [nameConstraints({ permitted: [dns('a.example')] })] })).toBe('CERTIFICATE_DEVIATION_REFUSED');
  });
});

describe('policies (§6.1.5 (g))', () => {
  const requireExplicit = sequence(Uint8Array.of(0x80, 1, 0));
  const policy = (id: string) => extension('2.5.29.32', sequence(sequence(oid(id))));
  const mappings = sequence(sequence(oid('1.2.3'), oid('1.2.4')));
  it('are required where policyConstraints says so, critical or not', async () => {
    for (const critical of [false, true]) {
      const constraints = extension('2.5.29.36', requireExplicit, critical);
      expect(await withCa({ extensions: [constraints] })).toBe('POLICY_CONSTRAINTS_VIOLATED');
      expect(await withRoot({ extensions: [constraints] })).toBe('POLICY_CONSTRAINTS_VIOLATED');
      const own = newCa('O=CA', root, { extensions: [constraints, policy('1.2.3')] });
      expect(codeOf(await build(newLeaf(own, { extensions: [policy('1.2.3')] }), [own.certificate], anchors))).toBe('VALID');
      expect(codeOf(await build(newLeaf(own, { extensions: [policy('1.2.4')] }), [own.certificate], anchors))).toBe('POLICY_CONSTRAINTS_VIOLATED');
    }
  });
  it('decide nothing where none is required', async () => {
    for (const [id, value] of [['2.5.29.33', mappings], ['2.5.29.54', integer(0)]] as const) {
      for (const critical of [false, true]) expect(await withCa({ extensions: [extension(id, value, critical)] })).toBe('VALID');
    }
  });
  it.each([
    ['policyMappings', '2.5.29.33', sequence()],
    ['policyConstraints', '2.5.29.36', sequence()],
    ['policyConstraints', '2.5.29.36', sequence(Uint8Array.of(0x80, 1, 0xff))],
    ['inhibitAnyPolicy', '2.5.29.54', integer(-1)],
  ])('refuses a malformed %s', async (_name, id, value) => {
    expect(await withCa({ extensions: [extension(id, value)] })).toBe('CERTIFICATE_MALFORMED');
  });
  it('accepts critical certificatePolicies', async () => {
    expect(await withLeaf({ extensions: [extension('2.5.29.32', sequence(sequence(oid('1.2.156.1'))), true)] })).toBe('VALID');
  });
});

describe('name constraints (§4.2.1.10)', () => {
  it('bind from an intermediate and from the anchor, critical or not', async () => {
    for (const critical of [true, false]) {
      const constraint = nameConstraints({ permitted: [dns('good.example')] }, critical);
      for (const holder of ['ca', 'root'] as const) {
        const top = newCa('O=Top', undefined, holder === 'root' ? { extensions: [constraint] } : {});
        const mid = newCa('O=Mid', top, holder === 'ca' ? { extensions: [constraint] } : {});
        const under = async (name: string) =>
          codeOf(await build(newLeaf(mid, { extensions: [subjectAltName(dns(name))] }), [mid.certificate], [anchorOf(top.certificate)]));
        expect(await under('www.good.example')).toBe('VALID');
        expect(await under('www.bad.example')).toBe('NAME_CONSTRAINTS_VIOLATED');
      }
    }
  });

  it('bind intermediates too, except self-issued ones', async () => {
    const top = newCa('O=Top', undefined, { extensions: [nameConstraints({ permitted: [explicit(4, dn('O=Top'))] })] });
    const named = async (text: string) => {
      const mid = newCa(text, top);
      return codeOf(await build(newLeaf(mid, { subject: dn('O=Top,CN=Signer') }), [mid.certificate], [anchorOf(top.certificate)]));
    };
    expect(await named('O=Top,CN=Mid')).toBe('VALID');
    expect(await named('O=Other')).toBe('NAME_CONSTRAINTS_VIOLATED');
    const elsewhere = newCa('O=Top', undefined, { extensions: [nameConstraints({ permitted: [explicit(4, dn('O=Elsewhere'))] })] });
    const rollover = newCa('O=Top', elsewhere); // self-issued
    expect(codeOf(await build(newLeaf(rollover, { subject: dn('O=Elsewhere,CN=Signer') }), [rollover.certificate], [anchorOf(elsewhere.certificate)]))).toBe('VALID');
    expect(codeOf(await build(newLeaf(rollover, { subject: dn('O=Top,CN=Signer') }), [rollover.certificate], [anchorOf(elsewhere.certificate)]))).toBe('NAME_CONSTRAINTS_VIOLATED');
  });

  it('bind a leaf that is self-issued', async () => {
    const top = newCa('O=Top', undefined, { extensions: [nameConstraints({ permitted: [dns('good.example')] })] });
    const self = (name: string) => issueCertificate({ subject: top.name, key: newKey('p256'), issuer: top, extensions: [subjectAltName(dns(name))] });
    expect(codeOf(await build(self('good.example'), [], [anchorOf(top.certificate)]))).toBe('VALID');
    expect(codeOf(await build(self('bad.example'), [], [anchorOf(top.certificate)]))).toBe('NAME_CONSTRAINTS_VIOLATED');
  });

  it('are refused when malformed', async () => {
    expect(await withCa({ extensions: [extension('2.5.29.30', sequence(), true)] })).toBe('CERTIFICATE_MALFORMED');
    expect(await withCa({ extensions: [nameConstraints({ permitted: [dns('.good.example')] })] })).toBe('CERTIFICATE_MALFORMED');
    expect(await withCa({ extensions: [nameConstraints({ excluded: [dns('bad.example')] })] })).toBe('VALID');
  });

  it('stop the whole search when they cost too much', async () => {
    const excluded = Array.from({ length: 60 }, (_, i) => dns(`h${i}.example`));
    const own = newCa('O=CA', root, { extensions: [nameConstraints({ excluded })] });
    const end = newLeaf(own, { extensions: [subjectAltName(...Array.from({ length: 60 }, (_, i) => dns(`n${i}.other`)))] });
    const budget = { maxSignatureChecks: 100, maxSteps: 100, maxDepth: 10, maxNameComparisons: 3600 };
    expect(codeOf(await build(end, [own.certificate], anchors, { budget }))).toBe('VALID');
    expect(codeOf(await build(end, [own.certificate], anchors, { budget: { ...budget, maxNameComparisons: 3599 } }))).toBe('PATH_BUDGET_EXCEEDED');
  });
});

describe('several faults', () => {
  it('are reported from the anchor down', async () => {
    const own = newCa('O=CA', root, { kind: 'bare' });
    const { failure } = await build(newLeaf(own, { notAfter: NOT_BEFORE + 1000 }), [own.certificate], anchors);
    expect(failure).toMatchObject({ code: 'ISSUER_NOT_CA', certificate: 1, clause: 'RFC 5280 §6.1.4 (k)' });
    expect(failure!.partial).toHaveLength(3);
  });
  it('a self-signed leaf that is nobody is not listed', async () => {
    const alone = issueCertificate({ subject: dn('O=Alone'), key: newKey('p256'), notAfter: NOT_AFTER });
    expect(codeOf(await build(alone, [], anchors))).toBe('ISSUER_NOT_LISTED');
  });
});
