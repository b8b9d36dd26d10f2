import { implicitPrimitive, integer, namedBitString, nullValue, oid, printableString, sequence, tlv, utf8String } from '@hefu/pki';
import type { ValidatePathOptions } from '../../src/index.js';
import {
  ALGORITHMS, authorityKeyId, basicConstraints, directory, dn, dns, extension, ip, issueCertificate, issueCrl, keyIdOf, keyUsage, mail, nameConstraints, newKey, subjectAltName, subjectKeyId, uri,
  type TestKey,
} from '../path/issue.js';
import { policyExtensions, policyOid } from '../conformance/chain.js';
import type { Algorithm, ModelAnchor, ModelCertificate, ModelCrl, ModelGeneralName, ModelKey, ModelName, World } from './model.js';

// ---- keys: a few of each algorithm, made once

const POOL: Readonly<Record<Algorithm, number>> = { rsa: 6, p256: 16, sm2: 8 };
const testKeys = new Map<string, TestKey>();

export const KEYS: Readonly<Record<Algorithm, readonly ModelKey[]>> = { rsa: keys('rsa'), p256: keys('p256'), sm2: keys('sm2') };
/** Nobody in any world has it. */
export const STRANGER: ModelKey = { id: 'stranger', algorithm: 'p256', bits: 256 };
export const WEAK_KEY: ModelKey = { id: 'rsa-1024', algorithm: 'rsa', bits: 1024 };

function keys(algorithm: Algorithm): readonly ModelKey[] {
  return Array.from({ length: POOL[algorithm] }, (_, index) => ({ id: `${algorithm}-${index}`, algorithm, bits: algorithm === 'rsa' ? 2048 : 256 }));
}

function testKey(key: ModelKey): TestKey {
  let made = testKeys.get(key.id);
  if (made === undefined) testKeys.set(key.id, (made = key === WEAK_KEY ? newKey('rsa-1024') : newKey(key.algorithm, KEYS.rsa.findIndex(({ id }) => id === key.id))));
  return made;
}

const ALGORITHM_IDENTIFIER: Readonly<Record<Algorithm, Uint8Array>> = {
  rsa: sequence(oid('1.2.840.113549.1.1.11'), nullValue()),
  p256: sequence(oid('1.2.840.10045.4.3.2')),
  sm2: sequence(oid('1.2.156.10197.1.501')),
};

// ---- names

function encodeName({ text, spelling }: ModelName): Uint8Array {
  switch (spelling) {
    case 'plain':
      return dn(text);
    case 'printable':
      return dn(text, printableString);
    case 'upper':
      return dn(text, (value) => utf8String(value.toUpperCase()));
    case 'spaced':
      return dn(text, (value) => utf8String(` ${value.replaceAll(' ', '   ')} `));
  }
}

const octets = (text: string): readonly number[] => text.split(/[./]/).map(Number);

function encodeGeneralName({ kind, value }: ModelGeneralName): Uint8Array {
  switch (kind) {
    case 'dns':
      return dns(value);
    case 'mail':
      return mail(value);
    case 'uri':
      return uri(value);
    case 'ip':
      return ip(...octets(value));
    case 'dn':
      return directory(dn(value));
  }
}

// ---- certificates

const UNKNOWN = '1.3.6.1.4.1.55738.99';
const WRONG_ID = new Uint8Array(20).fill(0xee);
const LONG_SERIAL = new Uint8Array(21).fill(0x41);
const TRUE = Uint8Array.of(0xff);

function extensionsOf(certificate: ModelCertificate): readonly Uint8Array[] {
  const { basic, usage, purposes, names, constraints, policies, mappings, requireExplicit, inhibitMapping, inhibitAny } = certificate;
  const found: Uint8Array[] = [];
  if (basic !== undefined) found.push(basicConstraints(basic.ca, basic.pathLength, basic.critical));
  if (usage !== undefined) found.push(certificate.malformed ? extension('2.5.29.15', integer(3), true) : keyUsage(...usage));
  if (certificate.subjectKeyId) found.push(subjectKeyId(keyIdOf(testKey(certificate.key))));
  switch (certificate.authorityKeyId) {
    case 'right':
      found.push(authorityKeyId(keyIdOf(testKey(certificate.signer))));
      break;
    case 'wrong':
      found.push(authorityKeyId(WRONG_ID));
      break;
    case 'critical':
      found.push(extension('2.5.29.35', sequence(implicitPrimitive(0, keyIdOf(testKey(certificate.signer)))), true));
      break;
    case 'absent':
      break;
  }
  if (purposes !== undefined) found.push(extension('2.5.29.37', sequence(...purposes.map((purpose) => oid(purpose)))));
  if (names.length > 0) found.push(subjectAltName(...names.map(encodeGeneralName)));
  if (constraints !== undefined) {
    found.push(nameConstraints({ permitted: constraints.permitted.map(encodeGeneralName), excluded: constraints.excluded.map(encodeGeneralName) }, constraints.critical));
  }
  found.push(...policyExtensions({
    ...(policies === undefined ? {} : { policies: policies.join(' ') }),
    ...(mappings === undefined ? {} : { maps: mappings.map((pair) => pair.join('>')).join(' ') }),
    ...(requireExplicit === undefined ? {} : { explicit: requireExplicit }),
    ...(inhibitMapping === undefined ? {} : { noMapping: inhibitMapping }),
    ...(inhibitAny === undefined ? {} : { noAny: inhibitAny }),
  }));
  if (certificate.unknown !== 'absent') found.push(extension(UNKNOWN, nullValue(), certificate.unknown === 'critical'));
  if (certificate.duplicate) found.push(...(found.length === 0 ? [extension(UNKNOWN, nullValue()), extension(UNKNOWN, nullValue())] : [found[found.length - 1]!]));
  return found;
}

export function encodeCertificate(certificate: ModelCertificate): Uint8Array {
  const extensions = extensionsOf(certificate);
  return issueCertificate({
    kind: 'bare',
    subject: encodeName(certificate.subject),
    key: testKey(certificate.key),
    issuer: { name: encodeName(certificate.issuer), key: testKey(certificate.signer) },
    version: certificate.version,
    serial: certificate.serial === 'long' ? LONG_SERIAL : certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    innerAlgorithm: ALGORITHM_IDENTIFIER[certificate.signer.algorithm],
    outerAlgorithm: ALGORITHM_IDENTIFIER[certificate.outerAlgorithm],
    extensions,
    signature: (tbs, key) => alteredIf(certificate.altered, key.sign(tbs)),
  }).bytes;
}

function alteredIf(altered: boolean, signature: Uint8Array): Uint8Array {
  const out = signature.slice();
  if (altered) out[out.length - 1]! ^= 1;
  return out;
}

// ---- CRLs

export function encodeCrl(crl: ModelCrl): Uint8Array {
  const unknown = extension(UNKNOWN, nullValue(), true);
  const point = [
    ...(crl.scope === 'user' ? [tlv(0x81, TRUE)] : []),
    ...(crl.scope === 'ca' ? [tlv(0x82, TRUE)] : []),
    ...(crl.reasons === undefined ? [] : [implicitPrimitive(3, namedBitString(...crl.reasons).subarray(2))]),
    ...(crl.scope === 'attribute' ? [tlv(0x85, TRUE)] : []),
  ];
  const { bytes } = issueCrl({
    issuer: { name: encodeName(crl.issuer), key: testKey(crl.signer) },
    entries: crl.entries.map(({ serial, reason }) => ({
      serial: serial === 'long' ? LONG_SERIAL : integer(serial).subarray(2),
      ...(reason === undefined ? {} : { reason }),
      extensions: crl.unknownCritical === 'entry' ? [unknown] : [],
    })),
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate,
    number: crl.numbered ? 1 : null,
    extensions: [...(point.length === 0 ? [] : [extension('2.5.29.28', sequence(...point), true)]), ...(crl.unknownCritical === 'list' ? [unknown] : [])],
  });
  return alteredIf(crl.altered, bytes);
}

// ---- worlds

function encodeAnchor({ certificate, name, key }: ModelAnchor): ValidatePathOptions['anchors'][number] {
  return certificate === undefined ? { name: encodeName(name), spki: testKey(key).spki } : encodeCertificate(certificate);
}

/** What the validator is given. A certificate that stands in two places is the same octets in both. */
export function encodeWorld({ leaf, candidates, anchors, crls, question }: World): ValidatePathOptions {
  const { purposes, maxDepth, initialPolicySet } = question;
  return {
    leaf: encodeCertificate(leaf),
    candidates: candidates.map(encodeCertificate),
    anchors: anchors.map(encodeAnchor),
    crls: crls.map(encodeCrl),
    at: question.at,
    algorithms: ALGORITHMS,
    revocation: question.revocation,
    extendedKeyUsages: purposes,
    initialExplicitPolicy: question.explicitPolicy,
    initialPolicyMappingInhibit: question.inhibitMapping,
    initialAnyPolicyInhibit: question.inhibitAny,
    ...(maxDepth === undefined ? {} : { maxDepth }),
    ...(initialPolicySet === undefined ? {} : { initialPolicySet: initialPolicySet.map(policyOid) }),
  };
}
