// Entries that fuzz `validatePath`: whole validations, one or two of whose parts are mutated.
//
// An input is framed: of each part its kind, a letter, its length in four octets, and its octets.
// `mutate` of fuzz.mjs changes parts and keeps the frame, so that what is changed is always looked at.
import { createHash, createPublicKey, verify as nodeVerify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import * as crypto from '../packages/crypto/dist/index.js';
import * as pki from '../packages/pki/dist/index.js';
import * as verify from '../packages/verify/dist/index.js';

const { sequence, setOf, oid, integer, octetString, bitString, boolean, enumerated, nullValue, explicit, implicitPrimitive, implicitConstructed, utf8String, printableString, ia5String, utcTime, generalizedTime, namedBitString } = pki;
const text = new TextEncoder();

const KINDS = { leaf: 'l', candidate: 'c', anchor: 'a', anchorName: 'n', anchorKey: 'k', anchorConstraints: 'x', crl: 'r', ocsp: 'o', question: 'q' };

/** @param parts [kind, octets] */
function frame(parts) {
  return pki.concatBytes(...parts.flatMap(([kind, bytes]) => {
    const head = new Uint8Array(5);
    head[0] = kind.charCodeAt(0);
    new DataView(head.buffer).setUint32(1, bytes.length);
    return [head, bytes];
  }));
}

function unframe(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = Math.min(bytes.length, at + 5 + view.getUint32(at + 1));
    parts.push([String.fromCharCode(bytes[at]), bytes.subarray(at + 5, end)]);
    at = end;
  }
  return parts;
}

/** Mutates one part, sometimes two; now and then takes one out, doubles it, or puts one in another's place. */
function mutateParts(bytes, pick, other, mutate) {
  const parts = unframe(bytes);
  const donor = unframe(other);
  for (let left = 1 + (pick(4) === 0 ? 1 : 0); left > 0 && parts.length > 0; left--) {
    const at = pick(parts.length);
    const [kind, octets] = parts[at];
    const from = donor[pick(donor.length)];
    switch (pick(12)) {
      case 0:
        if (kind !== KINDS.leaf) parts.splice(at, 1);
        break;
      case 1:
        parts.push(parts[at]);
        break;
      case 2:
        parts[at] = [kind, from[1]];
        break;
      default:
        parts[at] = [kind, mutate(octets, pick, from[1])];
    }
  }
  return frame(parts);
}

// ---- seeds: the same octets in every run, so that a finding can be replayed

const NOT_BEFORE = Date.UTC(2024, 0);
const NOT_AFTER = Date.UTC(2034, 0);
const AT = Date.UTC(2025, 5);
const DAY = 86_400_000;
const ECDSA = sequence(oid('1.2.840.10045.4.3.2'));

const name = (common, unit = '测试') => sequence(setOf(sequence(oid('2.5.4.6'), printableString('CN'))), setOf(sequence(oid('2.5.4.10'), utf8String('示例机构')), sequence(oid('2.5.4.11'), utf8String(unit))), setOf(sequence(oid('2.5.4.3'), utf8String(common))));
const extension = (id, value, critical) => sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
const ascii = (tag, value) => implicitPrimitive(tag, text.encode(value));
const keyId = (key) => createHash('sha1').update(key.point).digest();

function newKey(seed) {
  const secret = new Uint8Array(32).fill(seed);
  const point = p256.getPublicKey(secret, false);
  return { point, spki: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bitString(point)), sign: (tbs) => p256.sign(tbs, secret, { format: 'der' }) };
}

const signed = (tbs, key, ...rest) => sequence(tbs, ECDSA, bitString(key.sign(tbs)), ...rest);
let serial = 0x1000;
function certificate(subject, key, issuer, issuerKey, extensions) {
  const number = integer(serial++);
  const tbs = sequence(
    explicit(0, integer(2)), number, ECDSA, issuer, sequence(utcTime(NOT_BEFORE), utcTime(NOT_AFTER)), subject, key.spki,
    explicit(3, sequence(extension('2.5.29.14', octetString(keyId(key))), extension('2.5.29.35', sequence(implicitPrimitive(0, keyId(issuerKey)))), ...extensions)),
  );
  return { der: signed(tbs, issuerKey), serial: number, subject, key, issuer, issuerKey };
}
const caExtensions = (pathLength, ...more) => [extension('2.5.29.19', sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])), true), extension('2.5.29.15', namedBitString(5, 6), true), ...more];

function crl(issuer, key, entries, extensions) {
  const rows = entries.map(([number, ...more]) => sequence(number, utcTime(AT - 10 * DAY), ...(more.length === 0 ? [] : [sequence(...more)])));
  return signed(sequence(integer(1), ECDSA, issuer, utcTime(AT - DAY), utcTime(AT + DAY), ...(rows.length === 0 ? [] : [sequence(...rows)]), explicit(0, sequence(...extensions))), key);
}

function ocsp(about, responder, status, certificates, ...responseExtensions) {
  const hash = (bytes) => octetString(createHash('sha1').update(bytes).digest());
  const certId = sequence(sequence(oid('1.3.14.3.2.26'), nullValue()), hash(about.issuer), hash(about.issuerKey.point), about.serial);
  const tbs = sequence(
    explicit(2, octetString(keyId(responder))), generalizedTime(AT - 3_600_000), sequence(sequence(certId, status, generalizedTime(AT - 3_600_000), explicit(0, generalizedTime(AT + 3_600_000)))),
    ...(responseExtensions.length === 0 ? [] : [explicit(1, sequence(...responseExtensions))]),
  );
  const basic = signed(tbs, responder, ...(certificates.length === 0 ? [] : [explicit(0, sequence(...certificates))]));
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))));
}

const policies = (...ids) => extension('2.5.29.32', sequence(...ids.map((id) => sequence(oid(id), sequence(sequence(oid('1.3.6.1.5.5.7.2.1'), ia5String('https://example.org/cps')))))));
const constraints = (permitted, excluded) => sequence(implicitConstructed(0, ...permitted.map((base) => sequence(base))), implicitConstructed(1, ...excluded.map((base) => sequence(base))));
const GOOD = implicitPrimitive(0, new Uint8Array(0));

/** A chain of four with everything an extension can say, and a knot of CAs that sign one another. */
function worlds() {
  serial = 0x1000;
  const [rootKey, oneKey, twoKey, newTwoKey, leafKey, responderKey, crlKey] = [11, 12, 13, 14, 15, 16, 17].map(newKey);
  const [rootName, oneName, twoName] = [name('Root'), name('One'), name('Two')];
  const root = certificate(rootName, rootKey, rootName, rootKey, caExtensions(undefined));
  const one = certificate(oneName, oneKey, rootName, rootKey, caExtensions(
    3, policies('1.2.3.1', '2.5.29.32.0'), extension('2.5.29.33', sequence(sequence(oid('1.2.3.1'), oid('1.2.3.2'))), true),
    extension('2.5.29.30', constraints(
      [ascii(2, 'example.org'), ascii(1, 'example.org'), ascii(6, '.example.org'), implicitPrimitive(7, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0)), explicit(4, sequence(setOf(sequence(oid('2.5.4.6'), printableString('CN')))))],
      [ascii(2, 'x.bad.example.org'), explicit(4, name('Bad')), explicit(0, oid('1.2.3'), explicit(0, utf8String('x')))],
    ), true),
  ));
  const two = certificate(twoName, twoKey, oneName, oneKey, caExtensions(
    1, policies('1.2.3.2'), extension('2.5.29.36', sequence(implicitPrimitive(0, Uint8Array.of(0)), implicitPrimitive(1, Uint8Array.of(1))), true), extension('2.5.29.54', integer(1), true),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('2.5.29.37.0'))),
  ));
  const point = (cRLIssuer, ...flags) => sequence(explicit(0, implicitConstructed(0, ascii(6, 'http://example.org/crl'))), ...flags, ...(cRLIssuer === undefined ? [] : [implicitConstructed(2, explicit(4, cRLIssuer))]));
  const leaf = certificate(name('签名人'), leafKey, twoName, twoKey, [
    extension('2.5.29.15', namedBitString(0, 1)), extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), policies('1.2.3.2'),
    extension('2.5.29.17', sequence(ascii(2, 'www.example.org'), ascii(2, '*.example.org'), ascii(1, 'a@example.org'), ascii(6, 'https://x.example.org/p'), implicitPrimitive(7, Uint8Array.of(10, 1, 2, 3)), explicit(4, name('SAN')))),
    extension('2.5.29.31', sequence(point(undefined), point(name('CRL issuer'), implicitPrimitive(1, Uint8Array.of(1, 0x60))))),
    extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), ascii(6, 'http://example.org/ocsp')))),
  ]);
  const crlIssuer = certificate(name('CRL issuer'), crlKey, rootName, rootKey, [extension('2.5.29.15', namedBitString(6), true)]);
  const responder = certificate(name('Responder'), responderKey, twoName, twoKey, [extension('2.5.29.15', namedBitString(0), true), extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9'))), extension('1.3.6.1.5.5.7.48.1.5', nullValue()), policies('1.2.3.2')]);
  const number = (n) => extension('2.5.29.20', integer(n));
  const issuing = (...fields) => extension('2.5.29.28', sequence(...fields), true);
  const chain = [[KINDS.leaf, leaf.der], [KINDS.candidate, two.der], [KINDS.candidate, one.der]];
  const lists = [
    [KINDS.crl, crl(rootName, rootKey, [[integer(7)]], [number(1)])],
    [KINDS.crl, crl(oneName, oneKey, [[integer(8), extension('2.5.29.21', enumerated(1))]], [number(1), issuing(implicitPrimitive(2, Uint8Array.of(0xff)))])],
  ];
  const withCrls = [
    ...chain, [KINDS.anchor, root.der], [KINDS.candidate, crlIssuer.der], ...lists,
    [KINDS.crl, crl(twoName, twoKey, [[integer(9)]], [number(2), issuing(explicit(0, implicitConstructed(0, ascii(6, 'http://example.org/crl'))), implicitPrimitive(1, Uint8Array.of(0xff)))])],
    [KINDS.crl, crl(twoName, twoKey, [[integer(10), extension('2.5.29.21', enumerated(8))]], [number(3), extension('2.5.29.27', integer(2), true), issuing(explicit(0, implicitConstructed(0, ascii(6, 'http://example.org/crl'))), implicitPrimitive(1, Uint8Array.of(0xff)))])],
    [KINDS.crl, crl(name('CRL issuer'), crlKey, [[integer(11), extension('2.5.29.29', sequence(explicit(4, twoName)), true)], [integer(12)]], [number(4), issuing(explicit(0, implicitConstructed(0, ascii(6, 'http://example.org/crl'))), implicitPrimitive(3, Uint8Array.of(1, 0x60)), implicitPrimitive(4, Uint8Array.of(0xff)))])],
  ];
  const withOcsp = [
    ...chain, [KINDS.anchorName, rootName], [KINDS.anchorKey, rootKey.spki], [KINDS.anchorConstraints, constraints([ascii(2, '')], [ascii(2, 'other.test')])], ...lists,
    [KINDS.ocsp, ocsp(leaf, responderKey, GOOD, [responder.der])],
    [KINDS.ocsp, ocsp(two, oneKey, GOOD, [], extension('1.3.6.1.5.5.7.48.1.2', octetString(new Uint8Array(16))))],
    [KINDS.ocsp, ocsp(one, rootKey, GOOD, [])],
    [KINDS.ocsp, ocsp(responder, twoKey, implicitConstructed(1, generalizedTime(AT - DAY), explicit(0, enumerated(6))), [])],
  ];
  const plain = caExtensions(undefined);
  const knot = [
    [KINDS.leaf, certificate(name('www.example.org'), leafKey, twoName, newTwoKey, [extension('2.5.29.15', namedBitString(0), true), extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), extension('2.5.29.17', sequence(ascii(2, 'www.example.org')))]).der],
    ...[[twoName, newTwoKey, twoName, twoKey], [twoName, twoKey, oneName, oneKey], [oneName, oneKey, twoName, twoKey], [oneName, oneKey, rootName, rootKey], [rootName, rootKey, oneName, oneKey], [twoName, newTwoKey, rootName, rootKey]]
      .map(([subject, key, issuer, issuerKey]) => [KINDS.candidate, certificate(subject, key, issuer, issuerKey, plain).der]),
    [KINDS.anchor, root.der], [KINDS.anchor, certificate(oneName, leafKey, oneName, leafKey, plain).der],
  ];
  // A profile each, with and without the rest of the question.
  const asked = (world, ...questions) => questions.map((question) => frame([...world, [KINDS.question, Uint8Array.of(question)]]));
  return [...asked(withCrls, 0, 9, 3 | REQUIRE), ...asked(withOcsp, 1, 8 | REQUIRE, 3), ...asked(knot, 2, 0, 3 | PURPOSE)];
}

// ---- runs

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const provider = {
  name: 'node:crypto',
  verify(scheme, key, message, signature) {
    if (key.kty !== 'EC' || key.crv !== 'P-256') return false;
    const jwk = { kty: 'EC', crv: key.crv, x: base64url(key.point.subarray(1, 33)), y: base64url(key.point.subarray(33)) };
    let imported;
    try {
      imported = createPublicKey({ key: jwk, format: 'jwk' });
    } catch {
      return false; // no point of the curve
    }
    return nodeVerify('sha256', message, { key: imported, dsaEncoding: 'ieee-p1363' }, signature);
  },
};
const real = { digests: crypto.softwareDigests, signatures: [...crypto.classicalAlgorithms(provider), crypto.createSm2()] };
/** Takes every signature for good: what is behind one is reached whatever was mutated. */
const believing = { digests: real.digests, signatures: real.signatures.map((algorithm) => ({ ...algorithm, verify: () => true })) };
/** Of the question's octet the lowest two bits say the profile. */
const [PURPOSE, EXPLICIT, REQUIRE] = [4, 8, 16];
const PROFILES = [verify.STRICT, verify.INTEROP, verify.WEB_PKI, verify.REGIONAL_CA];

const run = (algorithms) => async (bytes) => {
  const parts = unframe(bytes);
  const of = (kind) => parts.filter(([found]) => found === kind).map(([, octets]) => octets);
  const [anchorName] = of(KINDS.anchorName);
  const [spki] = of(KINDS.anchorKey);
  const [nameConstraints] = of(KINDS.anchorConstraints);
  const question = of(KINDS.question)[0]?.[0] ?? 0;
  const result = await verify.validatePath({
    leaf: of(KINDS.leaf)[0] ?? new Uint8Array(0),
    candidates: of(KINDS.candidate),
    anchors: [...of(KINDS.anchor), ...(anchorName === undefined || spki === undefined ? [] : [{ name: anchorName, spki, constraints: nameConstraints === undefined ? {} : { nameConstraints } }])],
    crls: of(KINDS.crl),
    ocspResponses: of(KINDS.ocsp),
    at: AT,
    algorithms,
    profile: PROFILES[question & 3],
    peerName: { kind: 'dns', value: 'www.example.org' },
    extendedKeyUsages: (question & PURPOSE) !== 0 ? ['1.3.6.1.5.5.7.3.1'] : [],
    initialExplicitPolicy: (question & EXPLICIT) !== 0,
    revocation: (question & REQUIRE) !== 0 ? 'require' : 'if-present',
  });
  if (result.valid !== (result.failure === undefined)) throw new Error('valid and yet a failure, or neither');
  if (result.failure !== undefined && !(result.failure.certificate <= result.path.length)) throw new Error(`failure at ${result.failure.certificate} of a path of ${result.path.length}`);
  for (const { qualifiers } of result.policies) for (const { id } of qualifiers) if (typeof id !== 'string') throw new Error('a qualifier without an identifier');
  // Lets the fuzzer count what came through.
  return result.valid;
};

/** The caller's own constraints for an anchor that cannot be read are misuse, and said so. */
const expects = (error) => error instanceof TypeError && error.message.startsWith('nameConstraints of an anchor');

export const pathEntries = [
  { name: 'validatePath', cost: 20, seeds: worlds, mutate: mutateParts, run: run(real), expects },
  { name: 'validatePath believing', cost: 10, seeds: worlds, mutate: mutateParts, run: run(believing), expects },
];
