// The parser entries under `npm run fuzz`, one row each; a new room adds its rows here.
//   name     unique
//   seeds()  well-formed inputs to mutate
//   run(b)   feeds one input to the entry, and reads everything lazy in what comes back; false counts as refused;
//            may answer with a promise
//   cost     --inputs is divided by it; default 1
//   mutate   (input, pick, other seed, mutate octets): for inputs of a form of their own; default: octets as they are
//   expects(error)  whether the entry may throw this
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as pki from '../packages/pki/dist/index.js';
import { pathEntries } from './fuzz-paths.mjs';

const isPkiError = (error) => error instanceof pki.PkiError;
const text = new TextEncoder();

/** Reads every property and getter reachable from a value; a getter may throw what the entry may. */
function touch(value, expects, depth = 0, seen = new Set()) {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value) || depth > 8 || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Set || value instanceof Map || Array.isArray(value)) {
    for (const item of value) touch(item, expects, depth + 1, seen);
    return;
  }
  for (let owner = value; owner !== null && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    for (const key of Object.getOwnPropertyNames(owner)) {
      if (key === 'constructor') continue;
      let inner;
      try {
        inner = value[key];
      } catch (error) {
        if (!expects(error)) throw error;
      }
      touch(inner, expects, depth + 1, seen);
    }
  }
}

// ---- seeds, from our own writers; filler in place of signatures

const { sequence, setOf, oid, integer, octetString, bitString, nullValue, explicit, implicitPrimitive, utf8String, printableString, bmpString, utcTime, generalizedTime, tlv } = pki;
const SM3 = '1.2.156.10197.1.401';
const SM2 = '1.2.156.10197.1.501';
const start = Date.UTC(2025, 0);
const end = Date.UTC(2055, 0);

const name = (common) => sequence(
  setOf(sequence(oid('2.5.4.6'), printableString('CN'))),
  setOf(sequence(oid('2.5.4.10'), utf8String('示例机构')), sequence(oid('2.5.4.11'), bmpString('测试'))),
  setOf(sequence(oid('2.5.4.3'), utf8String(common))),
);
const algorithm = (id, ...parameters) => sequence(oid(id), ...parameters);
const extension = (id, value, critical) => sequence(oid(id), ...(critical ? [tlv(1, Uint8Array.of(0xff))] : []), octetString(value));
const uri = (address) => implicitPrimitive(6, text.encode(address));
const smSpki = sequence(algorithm('1.2.840.10045.2.1', oid('1.2.156.10197.1.301')), bitString(Uint8Array.from({ length: 65 }, (_, i) => (i === 0 ? 4 : i))));
const rsaSpki = sequence(algorithm('1.2.840.113549.1.1.1', nullValue()), bitString(sequence(integer(Uint8Array.from({ length: 256 }, (_, i) => 255 - i)), integer(65537))));
const value = bitString(sequence(integer(new Uint8Array(32).fill(0x31)), integer(new Uint8Array(32).fill(0x91))));

function certificate(subject, spki, extensions) {
  const tbs = sequence(
    explicit(0, integer(2)), integer(Uint8Array.of(0xc0, 1, 2, 3)), algorithm(SM2, nullValue()), name('示例 CA'),
    sequence(utcTime(start), generalizedTime(end)), name(subject), spki, explicit(3, sequence(...extensions)),
  );
  return sequence(tbs, algorithm(SM2, nullValue()), value);
}
const keyIdentifier = new Uint8Array(20).fill(7);
const caCertificate = certificate('CA', smSpki, [
  extension('2.5.29.19', sequence(tlv(1, Uint8Array.of(0xff)), integer(1)), true),
  extension('2.5.29.15', Uint8Array.of(3, 2, 1, 6), true),
  extension('2.5.29.14', octetString(keyIdentifier)),
]);
const leafCertificate = certificate('签名人', smSpki, [
  extension('2.5.29.35', sequence(implicitPrimitive(0, keyIdentifier), explicit(1, explicit(4, name('CA'))), implicitPrimitive(2, Uint8Array.of(9)))),
  extension('2.5.29.15', Uint8Array.of(3, 2, 0, 0xc0)),
  extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2'), oid('1.3.6.1.5.5.7.3.4'))),
  extension('2.5.29.17', sequence(uri('https://example.org/'), implicitPrimitive(2, text.encode('example.org')), implicitPrimitive(7, Uint8Array.of(10, 0, 0, 1)), explicit(4, name('SAN')), explicit(0, oid('1.2.3'), explicit(0, utf8String('x'))))),
  extension('2.5.29.31', sequence(sequence(explicit(0, explicit(0, uri('http://example.org/crl')))), sequence(explicit(0, explicit(0, explicit(4, name('DP')))), implicitPrimitive(1, Uint8Array.of(1, 0x60))))),
  extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri('http://example.org/ocsp')))),
  extension('2.5.29.32', sequence(sequence(oid('1.2.156.10260.4.1')))),
  extension('1.2.156.10260.4.1.4', printableString('91110108722619411A')),
]);
const rsaCertificate = certificate('RSA', rsaSpki, [extension('2.5.29.19', sequence())]);

const revoked = (serial, ...extensions) => sequence(integer(serial), utcTime(start), ...(extensions.length ? [sequence(...extensions)] : []));
function crl(entries, extensions) {
  const tbs = sequence(integer(1), algorithm(SM2), name('CA'), utcTime(start), generalizedTime(end), sequence(...entries), explicit(0, sequence(...extensions)));
  return sequence(tbs, algorithm(SM2), value);
}
const crls = () => [
  crl([revoked(1), revoked(2, extension('2.5.29.21', tlv(10, Uint8Array.of(1)))), revoked(300, extension('2.5.29.24', generalizedTime(start)))], [
    extension('2.5.29.20', integer(77)), extension('2.5.29.35', sequence(implicitPrimitive(0, keyIdentifier))),
  ]),
  crl([revoked(5, extension('2.5.29.29', sequence(explicit(4, name('Other'))), true)), revoked(6)], [
    extension('2.5.29.20', integer(78)), extension('2.5.29.27', integer(70), true),
    extension('2.5.29.28', sequence(explicit(0, explicit(0, uri('http://example.org/crl'))), implicitPrimitive(4, Uint8Array.of(0xff))), true),
  ]),
  sequence(sequence(algorithm(SM2), name('CA'), utcTime(start)), algorithm(SM2), value),
];

const certId = sequence(algorithm('1.3.14.3.2.26', nullValue()), octetString(keyIdentifier), octetString(keyIdentifier), integer(300));
const nonceExtensions = sequence(extension('1.3.6.1.5.5.7.48.1.2', octetString(keyIdentifier)));
function ocspResponses() {
  const answer = (status, ...rest) => sequence(certId, status, generalizedTime(start), ...rest);
  const revokedInfo = tlv(0xa1, generalizedTime(start), explicit(0, tlv(10, Uint8Array.of(1))));
  const response = (responder, answers, ...rest) => sequence(tlv(10, Uint8Array.of(0)), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(
    sequence(sequence(responder, generalizedTime(start), sequence(...answers), ...rest), algorithm(SM2), value, explicit(0, sequence(leafCertificate)))))));
  return [
    response(explicit(1, name('CA')), [answer(implicitPrimitive(0, new Uint8Array(0)), explicit(0, generalizedTime(end)))], explicit(1, nonceExtensions)),
    response(explicit(2, octetString(keyIdentifier)), [answer(revokedInfo), answer(implicitPrimitive(2, new Uint8Array(0)), explicit(1, sequence(extension('1.2.3', nullValue()))))]),
    sequence(tlv(10, Uint8Array.of(3))),
  ];
}
const ocspRequests = () => [
  sequence(sequence(sequence(sequence(certId)), explicit(2, nonceExtensions))),
  sequence(sequence(explicit(0, integer(0)), explicit(1, explicit(4, name('Asker'))), sequence(sequence(certId, explicit(0, sequence(extension('1.2.3', nullValue()))))))),
];

const indefinite = (tag, ...parts) => pki.concatBytes(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
function messages() {
  const sid = { issuer: name('示例 CA'), serialNumber: Uint8Array.of(0, 0xc0, 1, 2, 3) };
  const signature = sequence(integer(new Uint8Array(32).fill(0x31)), integer(new Uint8Array(32).fill(0x91)));
  const signed = (contentType) => pki.buildSignedAttributes({ contentType, messageDigest: new Uint8Array(32), signingTime: start, signingCertificateV2: { certHash: new Uint8Array(32) } });
  const shared = { digestAlgorithm: { oid: SM3, parameters: nullValue() }, certificates: [leafCertificate, caCertificate], crls: crls().slice(0, 1) };
  const signer = { sid, signatureAlgorithm: { oid: '1.2.156.10197.1.301.1' }, signature };
  const gm = pki.buildSignedData({ ...shared, family: 'gm', content: text.encode('投标文件'), signers: [signer] });
  const cms = pki.buildSignedData({
    ...shared, family: 'cms', signers: [
      { ...signer, signedAttrs: signed(pki.id_data), unsignedAttrs: setOf(sequence(oid('1.2.3'), setOf(integer(1)))) },
      { ...signer, sid: { subjectKeyIdentifier: keyIdentifier }, signedAttrs: signed(pki.id_data) },
    ],
  });
  const signerInfo = sequence(integer(1), sequence(name('CA'), integer(7)), algorithm(SM3), algorithm(SM2), octetString(signature));
  const emptyType = sequence(oid(pki.id_signedData), explicit(0, sequence(integer(1), setOf(algorithm(SM3, nullValue())), Uint8Array.of(0x30, 2, 6, 0), setOf(signerInfo))));
  const streamed = indefinite(0x30, oid(pki.id_signedData), indefinite(0xa0, indefinite(0x30, integer(1), setOf(algorithm(SM3)),
    indefinite(0x30, oid(pki.id_data), indefinite(0xa0, indefinite(0x24, octetString(text.encode('sealed ')), octetString(text.encode('bid'))))),
    indefinite(0xa0, caCertificate), setOf(signerInfo))));
  return [gm, cms, emptyType, streamed];
}

/** Public certificates beside the project, when they are there. */
function publicPem() {
  const folder = new URL(`${process.env.HEFU_VECTORS ? `file://${process.env.HEFU_VECTORS}/` : new URL('../../shared/vectors/', import.meta.url)}real-ca/`);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith('.pem')).sort().map((file) => new Uint8Array(readFileSync(new URL(file, folder))));
}
const certificates = () => [leafCertificate, caCertificate, rsaCertificate, ...publicPem().flatMap((pem) => pki.decodeArmoured(pem, { labels: pki.CERTIFICATE_LABELS, maxBytes: 1e6 }))];
const armoured = (label, ders) => ders.flatMap((der) => [text.encode(pki.encodePem(label, der)), text.encode(Buffer.from(der).toString('base64'))]);

/** Armour comes as text and as octets. */
const asBoth = (read) => (bytes) => {
  let thrown;
  for (const input of [bytes, new TextDecoder('utf-8').decode(bytes)]) {
    try {
      touch(read(input), isPkiError);
    } catch (error) {
      if (!isPkiError(error)) throw error;
      thrown = error;
    }
  }
  if (thrown !== undefined) throw thrown;
};
const parse = (read) => (bytes) => touch(read(bytes), isPkiError);

export const entries = [
  { name: 'parseCertificate', seeds: certificates, run: parse((bytes) => pki.parseCertificate(bytes)), expects: isPkiError },
  {
    name: 'parseCertificateList',
    seeds: crls,
    run: parse((bytes) => {
      const list = pki.parseCertificateList(bytes);
      for (const serial of [1, 2, 300]) touch(list.find(integer(serial).subarray(2)), isPkiError);
      return list;
    }),
    expects: isPkiError,
  },
  { name: 'parseOcspResponse', seeds: ocspResponses, run: parse((bytes) => pki.parseOcspResponse(bytes)), expects: isPkiError },
  { name: 'parseOcspRequest', seeds: ocspRequests, run: parse((bytes) => pki.parseOcspRequest(bytes)), expects: isPkiError },
  {
    name: 'parseSignedData',
    seeds: messages,
    run: parse((bytes) => {
      const message = pki.parseSignedData(bytes);
      for (const { signedAttrs } of message.signerInfos) {
        if (signedAttrs === undefined) continue;
        for (const read of [pki.messageDigestOf, pki.contentTypeOf, pki.signingTimeOf, pki.signingCertificateV2Of]) read(signedAttrs);
      }
      return message;
    }),
    expects: isPkiError,
  },
  { name: 'readSignedData', seeds: () => armoured('CMS', messages()), run: asBoth((input) => pki.readSignedData(input)), expects: isPkiError },
  { name: 'readCertificates', seeds: () => [...armoured('CERTIFICATE', certificates()), ...publicPem(), ...messages()], run: asBoth((input) => pki.readCertificates(input)), expects: isPkiError },
  { name: 'decodeArmoured', seeds: () => armoured('X509 CRL', crls()), run: asBoth((input) => pki.decodeArmoured(input, { labels: pki.CRL_LABELS, maxBytes: 1e6 })), expects: isPkiError },
  {
    name: 'readName',
    seeds: () => [name('示例'), sequence(), setOf()],
    run: parse((bytes) => {
      const read = pki.readName(new pki.DerReader(bytes));
      pki.formatName(read);
      pki.nameKey(read);
      return read;
    }),
    expects: isPkiError,
  },
  // Never throws: it is called while another error is being made.
  { name: 'identify', seeds: () => [...certificates(), ...crls(), ...messages(), ...publicPem()], run: (bytes) => pki.identify(bytes), expects: () => false },
  ...pathEntries,
];
