import { Buffer } from 'node:buffer';
import { constants, createPublicKey, generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import {
  classicalAlgorithms, createSm2, sm2PublicKey, sm2Sign, softwareDigests, type AlgorithmProvider, type Algorithms, type PublicKey,
} from '@hefu/crypto';
import {
  bitString, boolean, enumerated, explicit, generalizedTime, ia5String, implicitConstructed, implicitPrimitive, integer, namedBitString, nullValue,
  octetString, oid, parseCertificate, parseCertificateList, printableString, sequence, setOf, time, utf8String,
  type Certificate, type CertificateList, type KeyUsageBit,
} from '@hefu/pki';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import { buildPath } from '../../src/path/build.js';
import type { BuildPathOptions, PathOutcome, TrustAnchor } from '../../src/path/model.js';
import { REGIONAL_CA } from '../../src/path/profile.js';

/** Certificates and CRLs for tests, written with the pki writer and signed by real keys. Everything can be made wrong on purpose. */

export const NOT_BEFORE: number = Date.UTC(2024, 0, 1);
export const NOT_AFTER: number = Date.UTC(2034, 0, 1);
export const AT: number = Date.UTC(2025, 5, 1);

// ---- algorithms -------------------------------------------------------------------------------------------------

const keyObjects = new WeakMap<PublicKey, KeyObject>();
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function keyObject(key: PublicKey): KeyObject {
  let imported = keyObjects.get(key);
  if (imported === undefined) {
    const jwk =
      key.kty === 'RSA'
        ? { kty: 'RSA', n: base64url(key.n), e: base64url(key.e) }
        : key.kty === 'OKP'
          ? { kty: 'OKP', crv: key.crv, x: base64url(key.x) }
          : { kty: 'EC', crv: key.crv, x: base64url(key.point.subarray(1, (key.point.length + 1) / 2)), y: base64url(key.point.subarray((key.point.length + 1) / 2)) };
    imported = createPublicKey({ key: jwk, format: 'jwk' });
    keyObjects.set(key, imported);
  }
  return imported;
}

export const provider: AlgorithmProvider = {
  name: 'node:crypto',
  verify(scheme, key, message, signature) {
    const digest = 'hash' in scheme ? scheme.hash.replace('-', '').toLowerCase() : null;
    const options =
      scheme.scheme === 'ECDSA'
        ? { dsaEncoding: 'ieee-p1363' as const }
        : scheme.scheme === 'RSASSA-PSS'
          ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
          : {};
    return verify(digest, message, { key: keyObject(key), ...options }, signature);
  },
};

export const ALGORITHMS: Algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(provider), createSm2()] };

// ---- keys -------------------------------------------------------------------------------------------------------

export type KeyKind = 'rsa' | 'rsa-1024' | 'rsa-pss' | 'p256' | 'sm2';

export interface TestKey {
  readonly kind: KeyKind;
  readonly spki: Uint8Array;
  /** AlgorithmIdentifier of its signatures. */
  readonly algorithm: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const ALGORITHM_IDENTIFIERS = {
  rsa: sequence(oid('1.2.840.113549.1.1.11'), nullValue()),
  p256: sequence(oid('1.2.840.10045.4.3.2')),
  sm2: sequence(oid('1.2.156.10197.1.501')),
};

const sha256Identifier = sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue());
export const PSS_SHA256: Uint8Array = sequence(
  explicit(0, sha256Identifier),
  explicit(1, sequence(oid('1.2.840.113549.1.1.8'), sha256Identifier)),
  explicit(2, integer(32)),
);

/** @param which of the RSA keys that tests share, as `rsaPair` has it */
export function newKey(kind: KeyKind, which?: number): TestKey {
  if (kind === 'sm2') {
    const secret = randomBytes(32);
    secret[0]! &= 0x7f;
    const point = sm2PublicKey(secret);
    return {
      kind,
      spki: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(point)),
      algorithm: ALGORITHM_IDENTIFIERS.sm2,
      sign: (message) => sm2Sign(secret, message),
    };
  }
  const { publicKey, privateKey } = kind === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : kind === 'rsa-1024' ? generateKeyPairSync('rsa', { modulusLength: 1024 }) : rsaPair(which);
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  if (kind === 'rsa-pss') {
    return {
      kind,
      spki,
      algorithm: sequence(oid('1.2.840.113549.1.1.10'), PSS_SHA256),
      sign: (message) => new Uint8Array(sign('sha256', message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })),
    };
  }
  return {
    kind,
    spki,
    algorithm: kind === 'p256' ? ALGORITHM_IDENTIFIERS.p256 : ALGORITHM_IDENTIFIERS.rsa,
    sign: (message) => new Uint8Array(sign('sha256', message, privateKey)),
  };
}

// ---- names ------------------------------------------------------------------------------------------------------

const TYPES: Readonly<Record<string, string>> = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3', E: '1.2.840.113549.1.9.1' };

/** `dn('C=CN,O=Test CA')`; values must not hold a comma. Country and mail in their own string types, the rest by `text`. */
export function dn(text: string, string: (value: string) => Uint8Array = utf8String): Uint8Array {
  if (text === '') return sequence();
  return sequence(
    ...text.split(',').map((part) => {
      const [type, value] = part.split('=') as [string, string];
      return setOf(sequence(oid(TYPES[type]!), type === 'C' ? printableString(value) : type === 'E' ? ia5String(value) : string(value)));
    }),
  );
}

// ---- extensions -------------------------------------------------------------------------------------------------

export function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

const USAGE: readonly KeyUsageBit[] = [
  'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly',
];

export const keyUsage = (...bits: readonly KeyUsageBit[]): Uint8Array => extension('2.5.29.15', namedBitString(...bits.map((bit) => USAGE.indexOf(bit))), true);
export const basicConstraints = (ca: boolean, pathLength?: number, critical = true): Uint8Array =>
  extension('2.5.29.19', sequence(...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])), critical);
export const subjectKeyId = (id: Uint8Array): Uint8Array => extension('2.5.29.14', octetString(id));
export const authorityKeyId = (id: Uint8Array): Uint8Array => extension('2.5.29.35', sequence(implicitPrimitive(0, id)));
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
export const uri = (text: string): Uint8Array => implicitPrimitive(6, ascii(text));
export const dns = (text: string): Uint8Array => implicitPrimitive(2, ascii(text));
export const mail = (text: string): Uint8Array => implicitPrimitive(1, ascii(text));
export const ip = (...octets: readonly number[]): Uint8Array => implicitPrimitive(7, Uint8Array.from(octets));
export const directory = (name: Uint8Array): Uint8Array => explicit(4, name);
export const registered = (id: string): Uint8Array => implicitPrimitive(8, oid(id).subarray(2));
export const subjectAltName = (...names: readonly Uint8Array[]): Uint8Array => extension('2.5.29.17', sequence(...names));
export const nameConstraints = ({ permitted = [], excluded = [] }: { permitted?: readonly Uint8Array[]; excluded?: readonly Uint8Array[] }, critical = true): Uint8Array =>
  extension(
    '2.5.29.30',
    sequence(
      ...(permitted.length === 0 ? [] : [implicitConstructed(0, ...permitted.map((base) => sequence(base)))]),
      ...(excluded.length === 0 ? [] : [implicitConstructed(1, ...excluded.map((base) => sequence(base)))]),
    ),
    critical,
  );
export const crlPoint = (...names: readonly Uint8Array[]): Uint8Array => extension('2.5.29.31', sequence(sequence(explicit(0, implicitConstructed(0, ...names)))));

// ---- certificates -----------------------------------------------------------------------------------------------

/** Who signs: a name and a key, with the key identifier that children should point at. */
export interface TestCa {
  readonly name: Uint8Array;
  readonly key: TestKey;
  readonly keyId: Uint8Array;
  readonly certificate: Certificate;
}

export interface IssueOptions {
  readonly subject: Uint8Array;
  readonly key: TestKey;
  /** Default: itself. */
  readonly issuer?: { readonly name: Uint8Array; readonly key: TestKey; readonly keyId?: Uint8Array };
  /** A CA's usual extensions, or a signer's. Default `leaf`. */
  readonly kind?: 'ca' | 'leaf' | 'bare';
  readonly pathLength?: number;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Appended to those of `kind`. */
  readonly extensions?: readonly Uint8Array[];
  readonly keyId?: Uint8Array;
  /** `false` leaves authorityKeyIdentifier out. */
  readonly authorityKeyId?: Uint8Array | false;
  readonly version?: 1 | 2 | 3;
  /** A magnitude, or a number with its sign. */
  readonly serial?: Uint8Array | number;
  readonly innerAlgorithm?: Uint8Array;
  readonly outerAlgorithm?: Uint8Array;
  readonly spki?: Uint8Array;
  /** Carries a subjectUniqueID. */
  readonly uniqueId?: boolean;
  readonly signature?: (tbs: Uint8Array, issuer: TestKey) => Uint8Array;
  readonly writeTime?: (time: number) => Uint8Array;
}

export function keyIdOf(key: TestKey): Uint8Array {
  return key.spki.subarray(key.spki.length - 20);
}

export function issueCertificate(options: IssueOptions): Certificate {
  const { subject, key, kind = 'leaf', notBefore = NOT_BEFORE, notAfter = NOT_AFTER, version = 3 } = options;
  const issuer = options.issuer ?? { name: subject, key };
  const authority = options.authorityKeyId ?? issuer.keyId ?? keyIdOf(issuer.key);
  const usual =
    kind === 'bare'
      ? []
      : [
          ...(kind === 'ca' ? [basicConstraints(true, options.pathLength), keyUsage('keyCertSign', 'cRLSign')] : [keyUsage('digitalSignature', 'nonRepudiation')]),
          subjectKeyId(options.keyId ?? keyIdOf(key)),
          ...(authority === false ? [] : [authorityKeyId(authority)]),
        ];
  const extensions = [...usual, ...(options.extensions ?? [])];
  const write = options.writeTime ?? time;
  const tbs = sequence(
    ...(version === 1 ? [] : [explicit(0, integer(version - 1))]),
    integer(options.serial ?? randomBytes(12)),
    options.innerAlgorithm ?? issuer.key.algorithm,
    issuer.name,
    sequence(write(notBefore), write(notAfter)),
    subject,
    options.spki ?? key.spki,
    ...(options.uniqueId === true ? [implicitPrimitive(2, Uint8Array.of(0, 1))] : []),
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  );
  const signature = options.signature?.(tbs, issuer.key) ?? issuer.key.sign(tbs);
  return parseCertificate(sequence(tbs, options.outerAlgorithm ?? options.innerAlgorithm ?? issuer.key.algorithm, bitString(signature)));
}

export type CaOptions = Partial<Omit<IssueOptions, 'issuer'>> & { readonly kindOfKey?: KeyKind };

/** A CA under a parent, or a root. */
export function newCa(text: string, parent?: TestCa, options: CaOptions = {}): TestCa {
  const key = options.key ?? newKey(options.kindOfKey ?? 'p256');
  const subject = options.subject ?? dn(text);
  const certificate = issueCertificate({ kind: 'ca', ...options, subject, key, ...(parent === undefined ? {} : { issuer: parent }) });
  return { name: subject, key, keyId: options.keyId ?? keyIdOf(key), certificate };
}

export function newLeaf(parent: TestCa, options: Partial<Omit<IssueOptions, 'issuer'>> = {}): Certificate {
  return issueCertificate({ subject: dn('C=CN,O=Bidder,CN=Signer'), key: options.key ?? newKey('p256'), ...options, issuer: parent });
}

export function anchorOf(certificate: Certificate, source = 'anchor:0'): TrustAnchor {
  return { name: certificate.subject, key: certificate.spki.key, spki: certificate.spki.bytes, certificate, source };
}

/** `buildPath` with the defaults of these tests. */
export function build(leaf: Certificate, candidates: readonly Certificate[], anchors: readonly TrustAnchor[], options: Partial<BuildPathOptions> = {}): Promise<PathOutcome> {
  return buildPath({ leaf, candidates, anchors, at: AT, algorithms: ALGORITHMS, profile: REGIONAL_CA, budget: DEFAULT_BUDGET, ...options });
}

// ---- CRLs -------------------------------------------------------------------------------------------------------

export interface CrlEntry {
  readonly serial: Uint8Array | number;
  readonly date?: number;
  readonly reason?: number;
  readonly extensions?: readonly Uint8Array[];
}

export interface IssueCrlOptions {
  readonly issuer: { readonly name: Uint8Array; readonly key: TestKey };
  readonly entries?: readonly CrlEntry[];
  readonly thisUpdate?: number;
  /** `null` leaves it out. */
  readonly nextUpdate?: number | null;
  /** `null` leaves it out. */
  readonly number?: number | null;
  readonly extensions?: readonly Uint8Array[];
  readonly outerAlgorithm?: Uint8Array;
  readonly version?: 1 | 2;
}

export const DAY = 86_400_000;

/** Octets one after the other; for more parts than a call takes arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function issueCrl(options: IssueCrlOptions): CertificateList {
  const { issuer, entries = [], thisUpdate = AT - DAY, nextUpdate = AT + DAY, version = 2 } = options;
  const rows = entries.map(({ serial, date = AT - 10 * DAY, reason, extensions = [] }) => {
    const all = [...(reason === undefined ? [] : [extension('2.5.29.21', enumerated(reason))]), ...extensions];
    return sequence(integer(serial), time(date), ...(all.length === 0 ? [] : [sequence(...all)]));
  });
  const extensions = [...(version === 2 && options.number !== null ? [extension('2.5.29.20', integer(options.number ?? 1))] : []), ...(options.extensions ?? [])];
  const tbs = sequence(
    ...(version === 2 ? [integer(1)] : []),
    issuer.key.algorithm,
    issuer.name,
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(rows.length === 0 ? [] : [sequence(joined(rows))]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  );
  return parseCertificateList(sequence(tbs, options.outerAlgorithm ?? issuer.key.algorithm, bitString(issuer.key.sign(tbs))));
}

export { generalizedTime };
