import { describe, expect, it } from 'vitest';
import { boolean, ia5String, integer, octetString, oid, sequence } from '@hefu/pki';
import { INTEROP, REGIONAL_CA, STRICT, validatePath, WEB_PKI, withRows, type ExtensionRow, type PathProfile } from '../../src/index.js';
import {
  ALGORITHMS, AT, authorityKeyId, basicConstraints, dn, dns, extension, generalizedTime, issueCertificate, keyIdOf, keyUsage, mail, nameConstraints, newCa, newKey, newLeaf, subjectAltName,
  subjectKeyId, type CaOptions, type IssueOptions,
} from './issue.js';

/** Row by row: what keeps it and its neighbour that does not, and which profiles mind. */

const key = newKey('p256');
const PROFILES = { strict: STRICT, interop: INTEROP, 'web-pki': WEB_PKI, 'regional-ca': REGIONAL_CA } as const;
const SERVER = [extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), subjectAltName(dns('a.example'))];

interface Parts {
  readonly leaf?: Partial<IssueOptions>;
  readonly ca?: CaOptions;
  readonly root?: CaOptions;
}

async function judge({ leaf = {}, ca = {}, root = {} }: Parts, profile: PathProfile): Promise<string> {
  const top = newCa('O=Root', undefined, root);
  const mid = newCa('O=CA', top, ca);
  const server = profile === WEB_PKI ? { subject: dn('O=Server'), ...leaf, extensions: [...SERVER, ...(leaf.extensions ?? [])] } : leaf;
  const end = newLeaf(mid, { key, ...server });
  const { valid, failure } = await validatePath({ leaf: end.bytes, candidates: [mid.certificate.bytes], anchors: [top.certificate.bytes], at: AT, algorithms: ALGORITHMS, profile });
  return valid ? 'valid' : `${failure!.code} ${failure!.certificate} ${failure!.extension ?? ''}`.trim();
}

/** The profiles that refuse it, each with the certificate and the extension that is named. */
async function refusals(parts: Parts): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [id, profile] of Object.entries(PROFILES)) {
    const said = await judge(parts, profile);
    if (said !== 'valid') found[id] = said.replace('CERTIFICATE_DEVIATION_REFUSED ', '');
  }
  return found;
}

const bare = (...extensions: readonly Uint8Array[]): CaOptions => ({ kind: 'bare', extensions });
const caUsage = keyUsage('keyCertSign', 'cRLSign');
const ski = subjectKeyId(Uint8Array.of(1, 2, 3));
const aki = authorityKeyId(Uint8Array.of(1, 2, 3));
const AKI = '2.5.29.35';
const SKI = '2.5.29.14';

describe('rows', () => {
  it('a conforming chain passes everywhere', async () => {
    expect(await refusals({})).toEqual({});
  });
  it.each<[string, Parts, Record<string, string>]>([
    ['leaf without authorityKeyIdentifier', { leaf: { authorityKeyId: false } }, { strict: `0 ${AKI}`, 'web-pki': `0 ${AKI}` }],
    ['CA without authorityKeyIdentifier', { ca: { authorityKeyId: false } }, { strict: `1 ${AKI}`, 'web-pki': `1 ${AKI}` }],
    ['self-signed root without it', { root: { authorityKeyId: false } }, {}],
    ['CA without subjectKeyIdentifier', { ca: bare(basicConstraints(true), caUsage, aki) }, { strict: `1 ${SKI}`, 'web-pki': `1 ${SKI}` }],
    ['root without subjectKeyIdentifier', { root: bare(basicConstraints(true), caUsage) }, { strict: `2 ${SKI}`, 'web-pki': `2 ${SKI}` }],
    ['leaf without subjectKeyIdentifier', { leaf: { kind: 'bare', extensions: [aki] } }, {}],
    ['critical subjectKeyIdentifier', { ca: bare(basicConstraints(true), caUsage, aki, extension(SKI, octetString(Uint8Array.of(1)), true)) }, { strict: `1 ${SKI}`, interop: `1 ${SKI}`, 'web-pki': `1 ${SKI}` }],
    ['basicConstraints not critical', { ca: bare(basicConstraints(true, undefined, false), caUsage, ski, aki) }, { strict: '1 2.5.29.19', 'web-pki': '1 2.5.29.19' }],
    ['leaf with basicConstraints not critical', { leaf: { extensions: [basicConstraints(false, undefined, false)] } }, {}],
    ['CA without keyUsage', { ca: bare(basicConstraints(true), ski, aki) }, { 'web-pki': '1 2.5.29.15' }],
    ['leaf with an empty keyUsage', { leaf: { kind: 'bare', extensions: [aki, extension('2.5.29.15', Uint8Array.of(3, 1, 0), true)] } }, { strict: '0 2.5.29.15', 'web-pki': '0 2.5.29.15' }],
    ['leaf with keyCertSign', { leaf: { kind: 'bare', extensions: [aki, caUsage] } }, { strict: '0 2.5.29.15', interop: '0 2.5.29.15', 'web-pki': '0 2.5.29.15' }],
    ['leaf with cRLSign', { leaf: { kind: 'bare', extensions: [aki, keyUsage('digitalSignature', 'cRLSign')] } }, { 'web-pki': '0 2.5.29.15' }],
    ['leaf that is a CA', { leaf: { kind: 'ca' } }, { 'web-pki': '0 2.5.29.15' }],
    ['name constraints not critical', { ca: { extensions: [nameConstraints({ excluded: [dns('x.example')] }, false)] } }, { strict: '1 2.5.29.30' }],
    ['name constraints in a leaf', { leaf: { extensions: [nameConstraints({ excluded: [dns('x.example')] })] } }, { strict: '0 2.5.29.30', interop: '0 2.5.29.30', 'web-pki': '0 2.5.29.30', 'regional-ca': '0 2.5.29.30' }],
    ['policy constraints not critical', { ca: { extensions: [extension('2.5.29.36', sequence(Uint8Array.of(0x81, 1, 0)))] } }, { strict: '1 2.5.29.36', 'web-pki': '1 2.5.29.36' }],
    ['inhibitAnyPolicy not critical', { ca: { extensions: [extension('2.5.29.54', integer(0))] } }, { strict: '1 2.5.29.54', 'web-pki': '1 2.5.29.54' }],
    ['serial number 0', { leaf: { serial: Uint8Array.of(0) } }, { strict: '0', 'web-pki': '0' }],
    ['negative serial number', { leaf: { serial: -128 } }, { strict: '0', 'web-pki': '0' }],
    ['serial number of 21 octets', { leaf: { serial: new Uint8Array(21).fill(1) } }, { strict: '0', 'web-pki': '0' }],
    ['serial number of 20 octets', { leaf: { serial: new Uint8Array(20).fill(1) } }, {}],
    ['root with serial number 0', { root: { serial: Uint8Array.of(0) } }, {}],
    ['GeneralizedTime before 2050', { leaf: { writeTime: generalizedTime } }, { strict: '0', 'web-pki': '0' }],
    ['a default written out', { leaf: { extensions: [extension('2.5.29.19', sequence(boolean(false)))] } }, { strict: '0', 'web-pki': '0' }],
    ['a unique identifier', { leaf: { uniqueId: true } }, {}],
    ['the same policy twice', { leaf: { extensions: [extension('2.5.29.32', sequence(sequence(oid('1.2.3')), sequence(oid('1.2.3'))))] } }, { strict: '0 2.5.29.32', interop: '0 2.5.29.32', 'web-pki': '0 2.5.29.32' }],
    ['critical freshestCRL', { leaf: { extensions: [extension('2.5.29.46', sequence(sequence()), true)] } }, { strict: '0 2.5.29.46', interop: '0 2.5.29.46', 'web-pki': '0 2.5.29.46', 'regional-ca': 'UNKNOWN_CRITICAL_EXTENSION 0 2.5.29.46' }],
    ['root with extKeyUsage', { root: { extensions: [SERVER[0]!] } }, { 'web-pki': '2 2.5.29.37' }],
  ])('%s', async (_what, parts, expected) => {
    expect(await refusals(parts)).toEqual(expected);
  });
});

it('a unique identifier in a version 1 leaf', async () => {
  const v1 = { kind: 'bare', version: 1 } as const;
  expect(await judge({ leaf: { ...v1 } }, INTEROP)).toBe('valid');
  expect(await judge({ leaf: { ...v1, uniqueId: true } }, INTEROP)).toBe('CERTIFICATE_DEVIATION_REFUSED 0');
  expect(await judge({ leaf: { ...v1, version: 2, uniqueId: true } }, INTEROP)).toBe('valid');
});

describe('names in strict', () => {
  const named = (subject: string, critical: boolean, ...names: readonly Uint8Array[]) =>
    judge({ leaf: { subject: dn(subject), extensions: [extension('2.5.29.17', sequence(...names), critical)] } }, STRICT);
  it('asks for critical names where there is no subject', async () => {
    expect(await named('', true, dns('a.example'))).toBe('valid');
    expect(await named('', false, dns('a.example'))).toBe('CERTIFICATE_DEVIATION_REFUSED 0 2.5.29.17');
    expect(await named('O=x', false, dns('a.example'))).toBe('valid');
    expect(await judge({ leaf: { subject: dn('') } }, STRICT)).toBe('CERTIFICATE_DEVIATION_REFUSED 0 2.5.29.17');
    expect(await judge({ leaf: { subject: dn('') } }, INTEROP)).toBe('valid');
  });
  it.each([
    [dns('*.a.example'), true], [dns('a_b.example'), false], [dns('.a.example'), false], [dns('a.*.example'), false], [dns('-a.example'), false],
    [mail('a@x.example'), true], [mail('a@b@x.example'), false], [mail('x.example'), false],
    [Uint8Array.of(0x87, 4, 1, 2, 3, 4), true], [Uint8Array.of(0x87, 5, 1, 2, 3, 4, 5), false],
  ])('%#', async (name, good) => {
    expect(await named('O=x', false, name)).toBe(good ? 'valid' : 'CERTIFICATE_DEVIATION_REFUSED 0 2.5.29.17');
  });
});

describe('web-pki', () => {
  const server = (subject: string, purposes: readonly string[], names: readonly Uint8Array[], critical = false) => {
    const root = newCa('O=Root');
    const leaf = issueCertificate({
      subject: dn(subject), key, issuer: root, kind: 'bare',
      extensions: [authorityKeyId(keyIdOf(root.key)), ...(purposes.length === 0 ? [] : [extension('2.5.29.37', sequence(...purposes.map((purpose) => oid(purpose))))]), ...(names.length === 0 ? [] : [extension('2.5.29.17', sequence(...names), critical)])],
    });
    return validatePath({ leaf: leaf.bytes, anchors: [root.certificate.bytes], at: AT, algorithms: ALGORITHMS, profile: WEB_PKI, publicSuffix: (domain) => (domain.endsWith('co.example') ? 'co.example' : 'example') });
  };
  const TLS = '1.3.6.1.5.5.7.3.1';
  const code = async (...parts: Parameters<typeof server>) => (await server(...parts)).failure?.code ?? 'valid';
  it('asks for the purpose of servers and no other but that of clients', async () => {
    const names = [dns('a.example')];
    expect(await code('O=x', [TLS], names)).toBe('valid');
    expect(await code('O=x', [TLS, '1.3.6.1.5.5.7.3.2'], names)).toBe('valid');
    for (const purposes of [[], ['1.3.6.1.5.5.7.3.2'], [TLS, '2.5.29.37.0'], [TLS, '1.3.6.1.5.5.7.3.4']]) expect(await code('O=x', purposes, names)).toBe('CERTIFICATE_DEVIATION_REFUSED');
  });
  it('takes names of servers only, critical exactly where there is no subject', async () => {
    expect(await code('', [TLS], [dns('a.example')], true)).toBe('valid');
    expect(await code('', [TLS], [dns('a.example')])).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await code('O=x', [TLS], [dns('a.example')], true)).toBe('CERTIFICATE_DEVIATION_REFUSED');
    for (const names of [[], [mail('a@a.example')], [dns('localhost')], [dns('*')], [dns('10.0.0.1')]]) expect(await code('O=x', [TLS], names)).toBe('CERTIFICATE_DEVIATION_REFUSED');
  });
  it('compares the common name with them', async () => {
    const ipv6 = Uint8Array.of(0x87, 16, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1);
    expect(await code('CN=a.example', [TLS], [dns('a.example')])).toBe('valid');
    expect(await code('CN=A.example', [TLS], [dns('a.example')])).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await code('CN=b.example', [TLS], [dns('a.example')])).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await code('CN=a.example,CN=a.example', [TLS], [dns('a.example')])).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await code('CN=2001:db8::1:0:0:1', [TLS], [ipv6])).toBe('valid');
    expect(await code('CN=2001:db8:0:0:1::1', [TLS], [ipv6])).toBe('CERTIFICATE_DEVIATION_REFUSED');
    expect(await code('CN=2001:DB8::1:0:0:1', [TLS], [ipv6])).toBe('CERTIFICATE_DEVIATION_REFUSED');
  });
  it('refuses wildcards over a public suffix', async () => {
    expect(await code('O=x', [TLS], [dns('*.a.co.example')])).toBe('valid');
    expect(await code('O=x', [TLS], [dns('*.co.example')])).toBe('PUBLIC_SUFFIX_WILDCARD');
  });
  it('takes RSA and the curves of NIST', async () => {
    const sm2 = newCa('O=SM2', undefined, { kindOfKey: 'sm2' });
    const end = newLeaf(sm2, { key, subject: dn('O=x'), extensions: SERVER });
    const options = { leaf: end.bytes, anchors: [sm2.certificate.bytes], at: AT, algorithms: ALGORITHMS };
    expect((await validatePath({ ...options, profile: WEB_PKI })).failure!.code).toBe('ALGORITHM_REFUSED');
    expect((await validatePath({ ...options, profile: STRICT })).valid).toBe(true);
  });
});

describe('what no row can relax', () => {
  it('holds in a profile that asks for nothing', async () => {
    const loose: PathProfile = { id: 'loose', rsa: STRICT.rsa, extensions: STRICT.extensions.map((row) => ({ oid: row.oid, name: row.name, leaf: 'may', ca: 'may', criticality: 'any', clause: '', reason: 'test' })) };
    const parts: readonly [Parts, string][] = [
      [{}, 'valid'],
      [{ ca: { kind: 'leaf' } }, 'ISSUER_NOT_CA 1 2.5.29.19'],
      [{ ca: bare(basicConstraints(true), keyUsage('cRLSign')) }, 'KEY_CERT_SIGN_MISSING 1 2.5.29.15'],
      [{ root: { pathLength: 0 } }, 'PATH_LENGTH_EXCEEDED 1 2.5.29.19'],
      [{ ca: { extensions: [nameConstraints({ permitted: [dns('b.example')] }, false)] }, leaf: { extensions: [subjectAltName(dns('a.example'))] } }, 'NAME_CONSTRAINTS_VIOLATED 0 2.5.29.30'],
      [{ leaf: { extensions: [extension('1.2.3.4', ia5String('x'), true)] } }, 'UNKNOWN_CRITICAL_EXTENSION 0 1.2.3.4'],
      [{ leaf: { notAfter: AT - 1000 } }, 'CERTIFICATE_EXPIRED 0'],
      [{ leaf: { signature: (tbs, issuer) => issuer.sign(tbs.subarray(1)) } }, 'CERTIFICATE_SIGNATURE_INVALID 0'],
    ];
    for (const [part, expected] of parts) expect(await judge(part, loose)).toBe(expected);
  });

  it('every row that asks less than its clause says why', () => {
    for (const profile of Object.values(PROFILES)) {
      for (const row of profile.extensions) {
        expect(row.clause).not.toBe('');
        const strict = STRICT.extensions.find(({ oid: id }) => id === row.oid);
        const looser = strict !== undefined && strict !== row && (strict.criticality !== 'any' && row.criticality === 'any');
        if (looser) expect(row.reason, `${profile.id} ${row.name}`).toBeTruthy();
      }
    }
  });
});

describe('rows of a trust-list service', () => {
  const row = (more: Partial<ExtensionRow>): ExtensionRow => ({ oid: '1.2.156.10260.4.1.4', name: 'own', leaf: 'must', ca: 'may', criticality: 'must-not', clause: 'GM/T 0015', reason: 'its certificates carry it', ...more });
  const own = extension('1.2.156.10260.4.1.4', ia5String('x'));
  it('add to a profile and take the place of its rows', async () => {
    const profile = withRows(REGIONAL_CA, [row({})]);
    expect(await judge({ leaf: { extensions: [own] } }, profile)).toBe('valid');
    expect(await judge({}, profile)).toBe('CERTIFICATE_DEVIATION_REFUSED 0 1.2.156.10260.4.1.4');
    expect(await judge({}, REGIONAL_CA)).toBe('valid');
    const strictKeyUsage = withRows(REGIONAL_CA, [{ ...REGIONAL_CA.extensions.find(({ name }) => name === 'keyUsage')!, leaf: 'must', reason: 'always there' }]);
    expect(await judge({ leaf: { kind: 'bare' } }, strictKeyUsage)).toBe('CERTIFICATE_DEVIATION_REFUSED 0 2.5.29.15');
  });
  it('are asked in order: of two for one extension, the first says what may be there', async () => {
    const with2 = (...rows: ExtensionRow[]): PathProfile => ({ ...REGIONAL_CA, id: 'two-rows', extensions: [...REGIONAL_CA.extensions, ...rows] });
    const [allowed, refused] = [row({ leaf: 'may' }), row({ leaf: 'must-not' })];
    expect(await judge({ leaf: { extensions: [own] } }, with2(allowed, refused))).toBe('valid');
    expect(await judge({ leaf: { extensions: [own] } }, with2(refused, allowed))).toBe('CERTIFICATE_DEVIATION_REFUSED 0 1.2.156.10260.4.1.4');
  });
  it('say why, and do not make an unknown critical extension known', async () => {
    expect(() => withRows(REGIONAL_CA, [row({ reason: '' })])).toThrow(TypeError);
    expect(() => withRows(REGIONAL_CA, [row({ criticality: 'any' })])).toThrow(TypeError);
    expect(() => withRows(REGIONAL_CA, [row({ leafCriticality: 'must' })])).toThrow(TypeError);
    const profile = withRows(REGIONAL_CA, [row({ leaf: 'may' })]);
    expect(await judge({ leaf: { extensions: [extension('1.2.156.10260.4.1.4', ia5String('x'), true)] } }, profile)).toContain('0 1.2.156.10260.4.1.4');
  });
});
