// What the rows work on: a root, a CA and a leaf for each algorithm, CRLs, a trust list and detached messages.
// Everything follows from one seed, so two runs measure the same octets.
import { decodeEcdsaSignature } from '../packages/crypto/dist/index.js';
import { parseCertificate, parseCertificateList, utf8String } from '../packages/pki/dist/index.js';
import { serializeList, signList, updateTrustList } from '../packages/trust-list/dist/index.js';
import {
  attr, authorityKeyIdentifier, basicConstraints, certificatePolicies, createSeed, crlDistributionPoints, deriveKeyPair, distinguishedName,
  extendedKeyUsage, extension, issueCertificate, issueCrl, keyUsage, ocspAccess, signDetached, subjectKeyIdentifier,
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

/** Root → CA → leaf. The leaf carries ten extensions, as certificates of regional CAs do. */
export function createChain(kind) {
  const key = (name) => deriveKeyPair(seed, `${kind}/${name}`, kind);
  const [rootKey, caKey, leafKey] = ['root', 'ca', 'leaf'].map(key);
  const rootName = distinguishedName([attr('C', 'CN'), attr('O', '沙盒国家根'), attr('CN', `Bench ${kind} Root`)]);
  const caName = distinguishedName([attr('C', 'CN'), attr('ST', '湖北省'), attr('O', '沙盒数字证书认证管理有限公司'), attr('CN', `Bench ${kind} CA`)]);
  const leafName = distinguishedName([attr('C', 'CN'), attr('ST', '湖北省'), attr('L', '武汉市'), attr('O', COMPANY), attr('CN', COMPANY)]);

  const root = issueCertificate({
    serialNumber: serial(`${kind}/root`), issuer: rootName, subject: rootName, notBefore: FROM - 3650 * DAY, notAfter: UNTIL + 3650 * DAY,
    spki: rootKey.spkiDer, signer: rootKey, extensions: issuing(rootKey),
  });
  const ca = issueCertificate({
    serialNumber: serial(`${kind}/ca`), issuer: rootName, subject: caName, notBefore: FROM - 1000 * DAY, notAfter: UNTIL + 1000 * DAY,
    spki: caKey.spkiDer, signer: rootKey,
    extensions: [...issuing(caKey, 0), authorityKeyIdentifier(rootKey.keyIdentifier), crlDistributionPoints([crlUrl('root')])],
  });
  const leaf = issueCertificate({
    serialNumber: serial(`${kind}/leaf`), issuer: caName, subject: leafName, notBefore: FROM, notAfter: UNTIL,
    spki: leafKey.spkiDer, signer: caKey,
    extensions: [
      authorityKeyIdentifier(caKey.keyIdentifier),
      subjectKeyIdentifier(leafKey.keyIdentifier),
      keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
      basicConstraints({ ca: false }),
      extendedKeyUsage(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']),
      certificatePolicies(['1.2.156.999000.1.1']),
      crlDistributionPoints([crlUrl('ca')]),
      ocspAccess(['http://ocsp.bench.example/']),
      extension(ORGANISATION_CODE, utf8String(USCC)),
      extension(LICENCE, utf8String('420100000012345')),
    ],
  });
  return { kind, root: { der: root, key: rootKey }, ca: { der: ca, key: caKey }, leaf: { der: leaf, key: leafKey } };
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

/** A list that anchors the chain's root, offers its CA and recognises it in the region. */
export async function createTrustList({ kind, root, ca }, algorithms) {
  const operator = deriveKeyPair(seed, 'operator', 'P-256');
  const { point } = operator.publicKey;
  const jwk = {
    kty: 'EC', crv: 'P-256', x: Buffer.from(point.subarray(1, 33)).toString('base64url'), y: Buffer.from(point.subarray(33)).toString('base64url'),
  };
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
    role: { keys: [{ jwk, org: 'bench' }], threshold: 1 }, algorithms, at: AT,
  });
  if (outcome.outcome !== 'accepted') throw new Error(`the bench's own trust list was refused: ${outcome.code} ${JSON.stringify(outcome.problems)}`);
  return outcome.trustList;
}

function issuing(key, pathLength) {
  return [
    basicConstraints({ ca: true, critical: true, ...(pathLength === undefined ? {} : { pathLength }) }),
    keyUsage(['keyCertSign', 'cRLSign'], { critical: true }),
    subjectKeyIdentifier(key.keyIdentifier),
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
