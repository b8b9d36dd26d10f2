// What a page practises on while nobody asks for anything: a list, a message under it, and a CRL, all of keys that are nobody's.
// `node packages/browser/rehearsal.mjs` writes src/verify/rehearsal-material.ts, the same octets each time. Needs the sandbox's dist.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { classicalAlgorithms, createSm2, decodeEcdsaSignature, softwareDigests, webCryptoProvider } from '../crypto/dist/index.js';
import { parseCertificate, utf8String } from '../pki/dist/index.js';
import { serializeList, signList, updateTrustList } from '../trust-list/dist/index.js';
import {
  attr, authorityKeyIdentifier, basicConstraints, certificatePolicies, createSeed, crlDistributionPoints, deriveKeyPair, distinguishedName, extendedKeyUsage, extension, issueCertificate, issueCrl, keyUsage, ocspAccess, signDetached,
  subjectKeyIdentifier,
} from '../sandbox/dist/index.js';

const AT = Date.UTC(2026, 5, 15, 8);
const DAY = 86_400_000;
/** Zeros: as many as make a compiler look at what hashes them. */
const CONTENT_OCTETS = 131_072;
/** As many as make a compiler look at what reads them. One and the same each time: 24 octets, and in Base64 a text that repeats. */
const CRL_ENTRIES = 1000;
const COMPANY = '预演建筑有限公司';
const SERIAL = Uint8Array.of(0x39, 1, 2, 3, 4);
const USCC = '1.2.156.10260.4.1.4';
const seed = createSeed('rehearsal');
const base64 = (octets) => Buffer.from(octets).toString('base64');
const instant = (at) => `${new Date(at).toISOString().slice(0, 19)}Z`;

/**
 * One algorithm of each kind: a root by RSA and a CA by ECDSA, which WebCrypto verifies, a signer and a list by SM2. Names, extensions and lengths are such
 * as CAs write: what they never came to would be compiled in the first real verdict.
 * @returns the text of the module
 */
export async function makeRehearsal() {
  const [rootKey, caKey, leafKey, listKey] = [['root', 'RSA-2048'], ['ca', 'P-256'], ['leaf', 'SM2'], ['list', 'SM2']].map(([name, kind]) => deriveKeyPair(seed, name, kind));
  const [rootName, caName] = ['Rehearsal Root', 'Rehearsal CA'].map((name) => distinguishedName([attr('C', 'CN'), attr('O', '预演'), attr('CN', name)]));
  const validity = { notBefore: AT - 100 * DAY, notAfter: AT + 500 * DAY };
  const issuing = (key) => [basicConstraints({ ca: true, critical: true }), keyUsage(['keyCertSign', 'cRLSign'], { critical: true }), subjectKeyIdentifier(key.keyIdentifier)];
  const root = issueCertificate({ serialNumber: Uint8Array.of(1), issuer: rootName, subject: rootName, ...validity, spki: rootKey.spkiDer, signer: rootKey, extensions: issuing(rootKey) });
  const ca = issueCertificate({
    serialNumber: Uint8Array.of(2), issuer: rootName, subject: caName, ...validity, spki: caKey.spkiDer, signer: rootKey,
    extensions: [...issuing(caKey), authorityKeyIdentifier(rootKey.keyIdentifier), crlDistributionPoints(['http://rehearsal.invalid/root.crl'])],
  });
  const leaf = issueCertificate({
    serialNumber: Uint8Array.of(3), issuer: caName, subject: distinguishedName([attr('C', 'CN'), attr('O', COMPANY), attr('CN', COMPANY)]), ...validity, spki: leafKey.spkiDer, signer: caKey,
    extensions: [
      authorityKeyIdentifier(caKey.keyIdentifier), subjectKeyIdentifier(leafKey.keyIdentifier), keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }), basicConstraints({ ca: false }),
      extendedKeyUsage(['1.3.6.1.5.5.7.3.2']), certificatePolicies(['1.2.156.999000.1.1']), crlDistributionPoints(['http://rehearsal.invalid/ca.crl']), ocspAccess(['http://rehearsal.invalid/']),
      extension(USCC, utf8String('91420100BENCH00012')),
    ],
  });
  const crls = [[root, rootKey], [ca, caKey]].map(([certificate, signer]) => issueCrl({
    issuer: parseCertificate(certificate).subject.bytes, signer, thisUpdate: AT - DAY, nextUpdate: AT + DAY, crlNumber: 1, entries: Array.from({ length: CRL_ENTRIES }, () => ({ serialNumber: SERIAL, revocationDate: AT - DAY })),
  }));
  const content = new Uint8Array(CONTENT_OCTETS);
  const signature = signDetached({ key: leafKey, certificate: leaf, chain: [ca] }, content, { form: 'attrs-za', signingTime: AT - 3_600_000 });
  const { point } = listKey.publicKey;
  const jwk = { kty: 'EC', crv: 'SM2', x: Buffer.from(point.subarray(1, 33)).toString('base64url'), y: Buffer.from(point.subarray(33)).toString('base64url') };
  const payload = serializeList({
    type: 'list', spec: '1.0', listId: 'rehearsal', sequence: 1, issued: instant(AT - DAY), nextUpdate: instant(AT + DAY), operator: { name: { zh: '预演', en: 'Rehearsal' } }, territory: ['420100'],
    services: [{
      id: 'urn:hefu:rehearsal', kind: 'ca', name: { zh: '预演', en: 'Rehearsal' }, anchors: [{ x5c: [base64(root)], mode: 'root' }],
      status: [{ status: 'granted', since: instant(AT - 90 * DAY), recorded: 1 }], scope: [{ regions: ['42*'] }], revocation: { mode: 'crl-only' }, identity: 'prof:rehearsal',
    }],
    identityProfiles: [{
      id: 'prof:rehearsal', version: 1, subjectType: [{ if: 'always', is: 'organization' }],
      fields: { uscc: { try: [{ ext: USCC, decode: ['der-string'], accept: 'USCC18' }] }, name: { try: [{ dn: 'O', accept: 'TEXT' }] } },
    }],
  });
  const role = { keys: [{ jwk, org: 'rehearsal' }], threshold: 1 };
  const list = await signList(payload, [{ jwk, alg: 'SM2-SM3', sign: (input) => decodeEcdsaSignature(listKey.sign(input), 32) }], { at: AT - DAY });
  const algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(webCryptoProvider(crypto.subtle)), createSm2()] };
  const opened = await updateTrustList(undefined, list, { role, algorithms, at: AT });
  if (opened.outcome !== 'accepted') throw new Error(`the list is refused: ${opened.code} ${JSON.stringify(opened.problems)}`);
  const text = (value) => JSON.stringify(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `// Generated by rehearsal.mjs; do not edit. Keys and names are nobody's, and no list but this one knows them.
import type { ListRole } from '@hefu/trust-list';

export const REHEARSAL: { readonly at: number; readonly region: string; readonly role: ListRole; readonly list: string; readonly contentOctets: number; readonly signature: string; readonly crls: readonly string[] } = {
  at: ${AT},
  region: '420100',
  role: JSON.parse('${text(role)}') as ListRole,
  list: '${text(JSON.parse(new TextDecoder().decode(list)))}',
  contentOctets: ${CONTENT_OCTETS},
  signature: '${base64(signature)}',
  crls: [${crls.map((crl) => repeating(base64(crl))).join(', ')}],
};
`;
}

/** A text as an expression, which says once what stands in it again and again. */
function repeating(text) {
  const { 0: run, 1: unit, index } = /(.{32})\1{99,}/.exec(text);
  return `'${text.slice(0, index)}' + '${unit}'.repeat(${run.length / unit.length}) + '${text.slice(index + run.length)}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(new URL('src/verify/rehearsal-material.ts', import.meta.url), await makeRehearsal());
