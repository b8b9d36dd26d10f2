import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explicit, implicitConstructed, oid, sequence } from '@hefu/pki';
import { createEdgeCache, INTEROP, STRICT, validatePath, type PathValidation, type ValidatePathOptions } from '../src/index.js';
import {
  ALGORITHMS, AT, DAY, dn, dns, extension, issueCertificate, issueCrl, keyUsage, nameConstraints, newCa, newKey, newLeaf, NOT_BEFORE, subjectAltName, type KeyKind,
} from './path/issue.js';

/** The one call for outsiders: everything in one object, from bytes, and a result whatever the bytes are. */

const root = newCa('O=Root');
const ca = newCa('O=CA', root);
const key = newKey('p256');
const leaf = newLeaf(ca, { key });

function validate(options: Partial<ValidatePathOptions> = {}): Promise<PathValidation> {
  return validatePath({ leaf: leaf.bytes, candidates: [ca.certificate.bytes], anchors: [root.certificate.bytes], at: AT, algorithms: ALGORITHMS, ...options });
}
const codeOf = async (options: Partial<ValidatePathOptions>): Promise<string> => (await validate(options)).failure?.code ?? 'valid';

describe('validatePath', () => {
  it('gives the path, the anchor and what it cost', async () => {
    const { valid, path, anchor, failure, policies, revocation, spent } = await validate();
    expect([valid, anchor, failure, policies, revocation]).toEqual([true, 0, undefined, [], []]);
    expect(path.map(({ bytes }) => bytes)).toEqual([leaf.bytes, ca.certificate.bytes, root.certificate.bytes]);
    expect(spent).toEqual({ signatureChecks: 2, steps: expect.any(Number), nameComparisons: 0 });
  });

  it.each<KeyKind>(['rsa', 'rsa-pss', 'p256', 'sm2'])('treats %s like any other', async (kind) => {
    const top = newCa('O=Top', undefined, { kindOfKey: kind });
    const mid = newCa('O=Mid', top, { kindOfKey: kind });
    const end = newLeaf(mid, { key });
    const input = { leaf: end.bytes, candidates: [mid.certificate.bytes], anchors: [top.certificate.bytes], at: AT, algorithms: ALGORITHMS };
    expect((await validatePath(input)).valid).toBe(true);
    const flipped = end.bytes.slice();
    flipped[flipped.length - 3]! ^= 1;
    expect((await validatePath({ ...input, leaf: flipped })).valid).toBe(false);
  });

  it('takes parsed certificates, and what earlier calls learnt of them', async () => {
    const edges = createEdgeCache();
    const parsed = { leaf, candidates: [ca.certificate], anchors: [root.certificate], edges };
    expect((await validate(parsed)).spent.signatureChecks).toBe(2);
    expect((await validate(parsed)).spent.signatureChecks).toBe(1);
    expect(await codeOf({ ...parsed, at: NOT_BEFORE - 1000 })).toBe('CERTIFICATE_NOT_YET_VALID');
  });

  it('names the certificate, the extension, what was expected and what was found', async () => {
    const narrow = newCa('O=CA', root, { extensions: [nameConstraints({ permitted: [dns('b.example')] })] });
    const end = newLeaf(narrow, { key, extensions: [subjectAltName(dns('a.example'))] });
    const { failure, path } = await validate({ leaf: end.bytes, candidates: [narrow.certificate.bytes] });
    expect(failure).toEqual({ code: 'NAME_CONSTRAINTS_VIOLATED', certificate: 0, extension: '2.5.29.30', actual: 'dNSName is not permitted', clause: 'RFC 5280 §6.1.3 (b)' });
    expect(path).toHaveLength(3);
  });

  it('throws for misuse only', async () => {
    for (const bad of [{ at: Number.NaN }, { maxDepth: -1 }, { maxDepth: Number.NaN }, { budget: { maxSteps: 1.5 } }]) await expect(validate(bad)).rejects.toThrow(TypeError);
  });
});

describe('anchors', () => {
  const named = { name: root.name, spki: root.key.spki };
  it('may be a name and a key', async () => {
    const { valid, path } = await validate({ anchors: [named] });
    expect([valid, path.length]).toEqual([true, 2]);
    expect(await codeOf({ anchors: [{ ...named, spki: newKey('p256').spki }] })).toBe('CERTIFICATE_SIGNATURE_INVALID');
    expect(await codeOf({ anchors: [{ ...named, name: dn('O=Other') }] })).toBe('PATH_NOT_FOUND');
  });

  it('may be limited', async () => {
    for (const anchor of [named, { certificate: root.certificate.bytes }]) {
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { pathLength: 1 } }] })).toBe('valid');
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { pathLength: 0 } }] })).toBe('PATH_LENGTH_EXCEEDED');
      const permitted = (name: string): Uint8Array => sequence(implicitConstructed(0, sequence(explicit(4, dn(name)))));
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { nameConstraints: permitted('O=CA') } }], leaf: newLeaf(ca, { key, subject: dn('O=CA,CN=x') }).bytes })).toBe('valid');
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { nameConstraints: permitted('O=CA') } }] })).toBe('NAME_CONSTRAINTS_VIOLATED');
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { requireExplicitPolicy: 0 } }] })).toBe('POLICY_CONSTRAINTS_VIOLATED');
      expect(await codeOf({ anchors: [{ ...anchor, constraints: { policies: ['1.2.3'] } }] })).toBe('valid');
      await expect(validate({ anchors: [{ ...anchor, constraints: { nameConstraints: Uint8Array.of(1) } }] })).rejects.toThrow(TypeError);
      await expect(validate({ anchors: [{ ...anchor, constraints: { pathLength: -1 } }] })).rejects.toThrow(TypeError);
    }
  });

  it('bind by their own dates and constraints unless told otherwise', async () => {
    const expired = newCa('O=Root', undefined, { key: root.key, notAfter: AT - DAY });
    expect(await codeOf({ anchors: [expired.certificate.bytes] })).toBe('CERTIFICATE_EXPIRED');
    expect(await codeOf({ anchors: [expired.certificate.bytes], enforceAnchorValidity: false })).toBe('valid');
    expect(await codeOf({ anchors: [expired.certificate.bytes], enforceAnchorConstraints: false })).toBe('CERTIFICATE_EXPIRED');
    const short = newCa('O=Root', undefined, { key: root.key, pathLength: 0 });
    expect(await codeOf({ anchors: [short.certificate.bytes] })).toBe('PATH_LENGTH_EXCEEDED');
    expect(await codeOf({ anchors: [short.certificate.bytes], enforceAnchorConstraints: false })).toBe('valid');
  });

  it('are told apart by their index; unreadable ones are passed over', async () => {
    expect((await validate({ anchors: [Uint8Array.of(1), newCa('O=Root').certificate.bytes, root.certificate.bytes] })).anchor).toBe(2);
    expect(await codeOf({ anchors: [Uint8Array.of(1)] })).toBe('PATH_NOT_FOUND');
    expect(await codeOf({ anchors: [] })).toBe('PATH_NOT_FOUND');
    expect(await codeOf({ anchors: [{ name: sequence(), spki: root.key.spki }] })).toBe('PATH_NOT_FOUND');
  });
});

describe('what the leaf is for', () => {
  const SERVER = '1.3.6.1.5.5.7.3.1';
  const MAIL = '1.3.6.1.5.5.7.3.4';
  const purposes = (...ids: readonly string[]): Uint8Array => extension('2.5.29.37', sequence(...ids.map((id) => oid(id))));
  const withPurposes = async (leafIds: readonly string[], caIds: readonly string[], wanted: readonly string[]) => {
    const mid = newCa('O=CA', root, caIds.length === 0 ? {} : { extensions: [purposes(...caIds)] });
    const end = newLeaf(mid, { key, extensions: leafIds.length === 0 ? [] : [purposes(...leafIds)] });
    return codeOf({ leaf: end.bytes, candidates: [mid.certificate.bytes], extendedKeyUsages: wanted });
  };
  it.each<[readonly string[], readonly string[], readonly string[], string]>([
    [[SERVER], [], [SERVER], 'valid'],
    [[MAIL], [], [SERVER], 'EXTENDED_KEY_USAGE_MISMATCH'],
    [[], [], [SERVER], 'valid'],
    [['2.5.29.37.0'], [], [SERVER], 'valid'],
    [[SERVER, MAIL], [], [SERVER, MAIL], 'valid'],
    [[SERVER], [], [SERVER, MAIL], 'EXTENDED_KEY_USAGE_MISMATCH'],
    [[SERVER], [SERVER], [SERVER], 'valid'],
    [[SERVER], [MAIL], [SERVER], 'EXTENDED_KEY_USAGE_MISMATCH'],
    [[SERVER], [MAIL], [], 'valid'],
    [[SERVER], ['2.5.29.37.0'], [SERVER], 'valid'],
  ])('purposes %j under %j, wanted %j: %s', async (leafIds, caIds, wanted, expected) => {
    expect(await withPurposes(leafIds, caIds, wanted)).toBe(expected);
  });
  it('key usage where it is present', async () => {
    const end = newLeaf(ca, { key, kind: 'bare', extensions: [keyUsage('digitalSignature')] });
    expect(await codeOf({ leaf: end.bytes, profile: INTEROP, keyUsages: ['digitalSignature'] })).toBe('valid');
    expect(await codeOf({ leaf: end.bytes, profile: INTEROP, keyUsages: ['digitalSignature', 'keyAgreement'] })).toBe('KEY_USAGE_MISMATCH');
    expect(await codeOf({ leaf: newLeaf(ca, { key, kind: 'bare' }).bytes, profile: INTEROP, keyUsages: ['keyAgreement'] })).toBe('valid');
  });
  it('the peer, each of several', async () => {
    const end = newLeaf(ca, { key, extensions: [subjectAltName(dns('a.example'), dns('b.example'))] }).bytes;
    expect(await codeOf({ leaf: end, peerName: { kind: 'dns', value: 'a.example' } })).toBe('valid');
    expect(await codeOf({ leaf: end, peerName: [{ kind: 'dns', value: 'a.example' }, { kind: 'dns', value: 'b.example' }] })).toBe('valid');
    expect(await codeOf({ leaf: end, peerName: [{ kind: 'dns', value: 'a.example' }, { kind: 'dns', value: 'c.example' }] })).toBe('PEER_NAME_MISMATCH');
  });
  it('the depth', async () => {
    expect(await codeOf({ maxDepth: 1 })).toBe('valid');
    expect(await codeOf({ maxDepth: 0 })).toBe('PATH_LENGTH_EXCEEDED');
  });
});

describe('revocation', () => {
  const crl = (issuer: typeof ca, serials: readonly Uint8Array[] = [], options = {}) => issueCrl({ issuer, entries: serials.map((serial) => ({ serial })), ...options }).bytes;
  it('is asked of those about whom evidence is brought, and then has to answer', async () => {
    expect(await codeOf({})).toBe('valid');
    expect(await codeOf({ crls: [crl(ca)] })).toBe('valid');
    expect(await codeOf({ crls: [crl(ca, [leaf.serialNumber])] })).toBe('CERTIFICATE_REVOKED');
    expect(await codeOf({ crls: [crl(root, [ca.certificate.serialNumber])] })).toBe('CA_CERTIFICATE_REVOKED');
    expect(await codeOf({ crls: [crl(ca, [], { nextUpdate: AT - 1000 })] })).toBe('CRL_STALE');
    expect(await codeOf({ crls: [crl({ ...ca, key: newKey('p256') })] })).toBe('CRL_SIGNATURE_INVALID');
    expect(await codeOf({ crls: [Uint8Array.of(1, 2)] })).toBe('CRL_NOT_AVAILABLE'); // unreadable: who knows what it said
    expect(await codeOf({ crls: [crl(newCa('O=Stranger'), [leaf.serialNumber])] })).toBe('valid');
  });
  it('or of everybody, or of nobody', async () => {
    expect(await codeOf({ revocation: 'require' })).toBe('CRL_NOT_AVAILABLE');
    expect(await codeOf({ revocation: 'require', crls: [crl(ca)] })).toBe('CRL_NOT_AVAILABLE');
    expect(await codeOf({ revocation: 'require', crls: [crl(ca), crl(root)] })).toBe('valid');
    expect(await codeOf({ revocation: 'none', crls: [crl(ca, [leaf.serialNumber])] })).toBe('valid');
  });
  it('turns the search to another path', async () => {
    const other = newCa('O=Other Root');
    const cross = issueCertificate({ kind: 'ca', subject: ca.name, key: ca.key, issuer: other });
    const crls = [crl(root, [ca.certificate.serialNumber])];
    const candidates = [ca.certificate.bytes, cross.bytes];
    const { valid, anchor, revocation } = await validate({ candidates, anchors: [root.certificate.bytes, other.certificate.bytes], crls });
    expect([valid, anchor]).toEqual([true, 1]);
    expect(revocation.map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(await codeOf({ candidates, crls })).toBe('CA_CERTIFICATE_REVOKED');
  });
  it('asks for a CRL number where the profile does', async () => {
    const unnumbered = issueCrl({ issuer: ca, version: 1 }).bytes;
    expect(await codeOf({ crls: [unnumbered], profile: INTEROP })).toBe('valid');
    expect(await codeOf({ crls: [unnumbered], profile: STRICT })).toBe('CRL_UNSUPPORTED');
  });
});

/** A run is three parsings and a search; HEFU_FUZZ_RUNS for more. */
const RUNS = Number(process.env.HEFU_FUZZ_RUNS ?? 150);

describe('any bytes', () => {
  it('are a result', async () => {
    for (const bytes of [new Uint8Array(), Uint8Array.of(0x30, 0x80), leaf.bytes.subarray(0, 100), crlBytes()]) {
      const { valid, failure, path } = await validate({ leaf: bytes });
      expect([valid, failure!.code, path]).toEqual([false, 'CERTIFICATE_MALFORMED', []]);
    }
  });

  it('whichever octet is changed, nothing is thrown and nothing is valid that was not signed', async () => {
    const pieces = [leaf.bytes, ca.certificate.bytes, root.certificate.bytes];
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, flip) => {
        const changed = pieces.map((bytes, index) => {
          if (index !== which) return bytes;
          const copy = bytes.slice();
          copy[at % copy.length]! ^= flip;
          return copy;
        });
        const { valid, failure } = await validate({ leaf: changed[0]!, candidates: [changed[1]!], anchors: [changed[2]!], revocation: 'none' });
        expect(valid).toBe(failure === undefined);
        if (which < 2) expect(valid).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it('as CRLs and candidates too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 }), fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), async (crls, candidates) => {
        const { valid } = await validate({ crls, candidates: [...candidates, ca.certificate.bytes] });
        expect(valid).toBe(crls.length === 0);
      }),
      { numRuns: RUNS / 3 },
    );
  });
});

function crlBytes(): Uint8Array {
  return issueCrl({ issuer: ca }).bytes;
}
