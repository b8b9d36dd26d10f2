// What the rows work on: a root, a CA and a leaf for each algorithm, CRLs, a trust list and detached messages.
// Everything follows from one seed, so two runs measure the same octets.
import { decodeEcdsaSignature } from '../packages/crypto/dist/index.js';
import { bitString, explicit, integer, parseCertificate, parseCertificateList, sequence, time, tlv, utf8String } from '../packages/pki/dist/index.js';
import { serializeList, signList, updateTrustList } from '../packages/trust-list/dist/index.js';
import {
  attr, authorityKeyIdentifier, basicConstraints, certificatePolicies, createSeed, crlDistributionPoints, deriveKeyPair, distinguishedName,
  encodeExtension, extendedKeyUsage, extension, issueCertificate, issueCrl, keyUsage, ocspAccess, signDetached, subjectKeyIdentifier,
} from '../packages/sandbox/dist/index.js';

export const KINDS = ['P-256', 'RSA-2048', 'SM2'];
/** Validation time of every row. */
export const AT = Date.UTC(2026, 5, 15, 8);
/** GB/T 2260 code of the platform's region. */
export const REGION = '420100';

const DAY = 86_400_000;
const FROM = AT - 200 * DAY;
const UNTIL = AT + 500 * DAY;
const USCC = '91420100BENCH00012';
const COMPANY = '基准测试建筑有限公司';
const ORGANISATION_CODE = '1.2.156.10260.4.1.4';
const LICENCE = '1.2.156.10260.4.1.3';

const seed = createSeed('bench');

/** Root → CAs → leaf, `cas` beginning with the leaf's issuer. The leaf carries ten extensions, as certificates of regional CAs do. */
export function createChain(kind, { intermediates = 1, caExtensions = [], leafExtensions = [], keyIdentifiers = true, company = 'leaf' } = {}) {
  const rootKey = keyOf(kind, 'root');
  const root = { key: rootKey, name: distinguishedName([attr('C', 'CN'), attr('O', '沙盒国家根'), attr('CN', `Bench ${kind} Root`)]) };
  root.der = issueCertificate({
    serialNumber: serial(`${kind}/root`), issuer: root.name, subject: root.name, notBefore: FROM - 3650 * DAY, notAfter: UNTIL + 3650 * DAY,
    spki: rootKey.spkiDer, signer: rootKey, extensions: issuing(rootKey),
  });
  const cas = [];
  for (let below = intermediates - 1; below >= 0; below--) cas.unshift(createCa(kind, cas[0] ?? root, { below, caExtensions, keyIdentifiers }));

  const [ca] = cas;
  const leafKey = keyOf(kind, company);
  const leaf = issueCertificate({
    serialNumber: serial(`${kind}/${company}`), issuer: ca.name, notBefore: FROM, notAfter: UNTIL, spki: leafKey.spkiDer, signer: ca.key,
    subject: distinguishedName([attr('C', 'CN'), attr('ST', '湖北省'), attr('L', '武汉市'), attr('O', COMPANY), attr('CN', COMPANY)]),
    extensions: [
      ...(keyIdentifiers ? [authorityKeyIdentifier(ca.key.keyIdentifier)] : []),
      subjectKeyIdentifier(leafKey.keyIdentifier),
      keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
      basicConstraints({ ca: false }),
      extendedKeyUsage(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']),
      certificatePolicies(['1.2.156.999000.1.1']),
      crlDistributionPoints([crlUrl('ca')]),
      ocspAccess(['http://ocsp.bench.example/']),
      extension(ORGANISATION_CODE, utf8String(USCC)),
      extension(LICENCE, utf8String('420100000012345')),
      ...leafExtensions,
    ],
  });
  return { kind, root, ca, cas, leaf: { der: leaf, key: leafKey } };
}

/** @param below how many CAs may stand below it */
function createCa(kind, issuer, { below = 0, caExtensions = [], keyIdentifiers = true, key = keyOf(kind, below === 0 ? 'ca' : `ca ${below}`) }) {
  const name = distinguishedName([
    attr('C', 'CN'), attr('ST', '湖北省'), attr('O', '沙盒数字证书认证管理有限公司'), attr('CN', `Bench ${kind} CA${below === 0 ? '' : ` ${below}`}`),
  ]);
  const der = issueCertificate({
    serialNumber: serial(`${kind}/${key.name}`), issuer: issuer.name, subject: name, notBefore: FROM - 1000 * DAY, notAfter: UNTIL + 1000 * DAY,
    spki: key.spkiDer, signer: issuer.key,
    extensions: [...issuing(key, below, keyIdentifiers), authorityKeyIdentifier(issuer.key.keyIdentifier), crlDistributionPoints([crlUrl('root')]), ...caExtensions],
  });
  return { name, key, der };
}

/** `count` CAs that carry the name of the leaf's issuer, each with a key of its own, the true one last. */
export function createNamesakes({ kind, root, ca }, count, keyIdentifiers) {
  const others = Array.from({ length: count - 1 }, (_, i) => createCa(kind, root, { keyIdentifiers, key: keyOf(kind, `namesake ${i}`) }));
  return [...others, ca];
}

/** A leaf of `count` DNS names below a CA that permits as many domains, only the last of them the leaf's, and excludes none of them. */
export function createConstrainedChain(kind, count) {
  const domain = (i) => tlv(0x82, Buffer.from(`department-${String(i).padStart(4, '0')}.bench.example`));
  const host = (i) => tlv(0x82, Buffer.from(`host-${String(i).padStart(4, '0')}.department-${String(count - 1).padStart(4, '0')}.bench.example`));
  const each = (make) => Array.from({ length: count }, (_, i) => make(i));
  return createChain(kind, {
    caExtensions: [extension('2.5.29.30', sequence(explicit(0, ...each((i) => sequence(domain(i))))), true)],
    leafExtensions: [extension('2.5.29.17', sequence(...each(host)))],
  });
}

function keyOf(kind, name) {
  return deriveKeyPair(seed, `${kind}/${name}`, kind);
}

/** The same chain with one bit of the leaf's signature changed: what every row must refuse. */
export function tamperedChain(chain) {
  const der = chain.leaf.der.slice();
  der[der.length - 4] ^= 0x01;
  return { ...chain, leaf: { ...chain.leaf, der } };
}

/** A detached message over `content` by the chain's leaf, carrying leaf and CA. */
export function createMessage(chain, content) {
  const { leaf, ca } = chain;
  return signDetached({ key: leaf.key, certificate: leaf.der, chain: [ca.der] }, content, {
    form: chain.kind === 'SM2' ? 'attrs-za' : 'cms',
    signingTime: AT - 3_600_000,
  });
}

/** `length` octets that look like a document, the same every time. */
export function createContent(length) {
  return seed.bytes('content', length);
}

/** The CRLs of root and CA with 1000 entries each, none of them about the chain; parsed, as an evidence cache holds them. */
export function createCrls({ kind, root, ca }) {
  const crl = (issuer, name) => {
    const entries = Array.from({ length: 1000 }, (_, i) => ({ serialNumber: serial(`${kind}/${name}/revoked/${i}`), revocationDate: AT - (i + 1) * 3_600_000 }));
    const der = issueCrl({
      issuer: parseCertificate(issuer.der).subject.bytes, signer: issuer.key, thisUpdate: AT - 3_600_000, nextUpdate: AT + DAY, crlNumber: 7, entries,
    });
    return { crl: parseCertificateList(der), url: crlUrl(name), fetchedAt: AT };
  };
  return [crl(root, 'root'), crl(ca, 'ca')];
}

/**
 * The CA's CRL of so many entries with date and reason, 49 octets each. Written without an object per entry.
 * @returns `{ der, serialAt }`: its octets, and the serial number of the entry at an index
 */
export function createLargeCrl({ kind, ca }, count) {
  const first = sequence(tlv(0x02, new Uint8Array(16)), time(AT - DAY), sequence(encodeExtension(extension('2.5.29.21', Uint8Array.of(0x0a, 1, 1)))));
  const entries = new Uint8Array(count * first.length);
  const serialAt = (i) => {
    const octets = new Uint8Array(16).fill(0x5a);
    // As of a CA that draws them: nothing about the order of the entries follows from them.
    for (let at = 1, state = i + 1; at < 13; at++) octets[at] = (state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)) >>> 24;
    new DataView(octets.buffer).setUint32(12, i);
    return octets;
  };
  for (let i = 0; i < count; i++) {
    entries.set(first, i * first.length);
    entries.set(serialAt(i), i * first.length + 4);
  }
  const algorithm = ca.key.algorithmIdentifier();
  const extensions = [authorityKeyIdentifier(ca.key.keyIdentifier), extension('2.5.29.20', integer(7))];
  const tbs = sequence(
    integer(1), algorithm, ca.name, time(AT - 3_600_000), time(AT + DAY), sequence(entries), explicit(0, sequence(...extensions.map(encodeExtension))),
  );
  return { kind, der: sequence(tbs, algorithm, bitString(ca.key.sign(tbs))), serialAt };
}

/** Who signs `createTrustList`. */
export function listRole() {
  return { keys: [{ jwk: operatorKey().jwk, org: 'bench' }], threshold: 1 };
}

function operatorKey() {
  const operator = deriveKeyPair(seed, 'operator', 'P-256');
  const { point } = operator.publicKey;
  const jwk = {
    kty: 'EC', crv: 'P-256', x: Buffer.from(point.subarray(1, 33)).toString('base64url'), y: Buffer.from(point.subarray(33)).toString('base64url'),
  };
  return { operator, jwk };
}

/** A list that anchors the chain's root, offers its CA and recognises it in the region. */
export async function createTrustList({ kind, root, ca }, algorithms) {
  const { operator, jwk } = operatorKey();
  const payload = serializeList({
    type: 'list', spec: '1.0', listId: 'bench', sequence: 1, issued: instant(AT - DAY), nextUpdate: instant(AT + 30 * DAY),
    operator: { name: { zh: '基准名单', en: 'Bench list' } },
    territory: [REGION],
    services: [{
      id: `urn:bench:${kind.toLowerCase()}`,
      kind: 'ca',
      name: { zh: '基准机构', en: 'Bench CA' },
      anchors: [{ x5c: [base64(root.der)], mode: 'root' }],
      intermediates: [base64(ca.der)],
      status: [{ status: 'granted', since: instant(AT - 300 * DAY), recorded: 1 }],
      scope: [{ regions: ['42*'] }],
      revocation: { mode: 'crl-only' },
      identity: 'prof:bench',
    }],
    identityProfiles: [{
      id: 'prof:bench', version: 1,
      subjectType: [{ if: 'always', is: 'organization' }],
      fields: {
        uscc: { try: [{ ext: ORGANISATION_CODE, decode: ['der-string'], accept: 'USCC18' }] },
        name: { try: [{ dn: 'O', accept: 'TEXT' }] },
      },
    }],
  });
  const signer = { jwk, alg: 'ES256', sign: (input) => decodeEcdsaSignature(operator.sign(input), 32) };
  const outcome = await updateTrustList(undefined, await signList(payload, [signer], { at: AT - DAY }), {
    role: listRole(), algorithms, at: AT,
  });
  if (outcome.outcome !== 'accepted') throw new Error(`the bench's own trust list was refused: ${outcome.code} ${JSON.stringify(outcome.problems)}`);
  return outcome.trustList;
}

function issuing(key, pathLength, keyIdentifiers = true) {
  return [
    basicConstraints({ ca: true, critical: true, ...(pathLength === undefined ? {} : { pathLength }) }),
    keyUsage(['keyCertSign', 'cRLSign'], { critical: true }),
    ...(keyIdentifiers ? [subjectKeyIdentifier(key.keyIdentifier)] : []),
  ];
}

function crlUrl(name) {
  return `http://crl.bench.example/${name}.crl`;
}

function instant(at) {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function base64(bytes) {
  return Buffer.from(bytes).toString('base64');
}

/** Sixteen octets, positive and minimal. */
function serial(name) {
  const octets = seed.bytes(`serial/${name}`, 16);
  octets[0] = (octets[0] & 0x3f) | 0x40;
  return octets;
}
